/** How the brackets of a text look: per paragraph, stretches with their classes. Pure. */
import type { Bracket, Reading } from "../../../brackets";
import { hueOf } from "../../../parts/hue";

/** Deeper ones look like this depth; what looks alike is one stretch. */
const DEEPEST = 5;

/** UTF-16 units of the paragraph's text. */
export interface Stretch {
  from: number;
  to: number;
  readonly look: string;
}
export type Picture = readonly Stretch[];

/** What the page knows of brackets beside the text. */
export interface Dress {
  /** Of one's own delegation, by the words of the text or by its position. */
  own(index: number): boolean;
  current(index: number): boolean;
}

interface Edge {
  readonly at: number;
  readonly opens: boolean;
  readonly index: number;
}

const NOTHING: Picture = [];

interface Kept {
  /** Of the first bracket: an object that lives as long as what is read of its paragraph. */
  readonly first: Bracket["attribution"];
  readonly count: number;
  readonly picture: Picture;
}

/** Pictures of a text that changes: those of paragraphs whose brackets are what they were are kept. */
export class Pictures {
  private kept = new WeakMap<object, Kept>();

  /** Something looks otherwise, though its brackets are the same. */
  forget(): void {
    this.kept = new WeakMap();
  }

  /** `keys`: the objects that stand for the paragraphs; `lengths`: of their texts. */
  draw(reading: Reading, keys: readonly object[], lengths: readonly number[], dress: Dress): Picture[] {
    const { brackets } = reading;
    const around: number[] = []; // brackets that are open, outermost first
    const crossing = crossingOf(brackets);
    const amiss = new Set(reading.lints.map(({ paragraph }) => paragraph));
    let next = 0;
    return keys.map((key, paragraph) => {
      const from = next;
      while (brackets[next]?.first === paragraph) next++;
      const ends = crossing.get(paragraph);
      const plain = around.length === 0 && ends === undefined && !amiss.has(paragraph);
      if (plain && next === from) return NOTHING;
      const first = brackets[from]?.attribution;
      const kept = plain ? this.kept.get(key) : undefined;
      if (kept !== undefined && kept.first === first && kept.count === next - from) return kept.picture;
      const edges = edgesOf(brackets, from, next, paragraph, ends ?? []);
      const picture = stretches(reading, edges, around, lengths[paragraph] ?? 0, dress);
      picture.push(...wordsOf(reading, paragraph, from, next, ends ?? []));
      if (plain && first !== undefined) this.kept.set(key, { first, count: next - from, picture });
      return picture;
    });
  }
}

/** Brackets that end in another paragraph than they begin in, by both. */
function crossingOf(brackets: readonly Bracket[]): Map<number, number[]> {
  const found = new Map<number, number[]>();
  brackets.forEach(({ first, last }, index) => {
    if (first === last) return;
    for (const paragraph of [first, last]) found.set(paragraph, [...(found.get(paragraph) ?? []), index]);
  });
  return found;
}

/** Of a paragraph's own brackets, [from, to) in the reading, and of those that end in it. */
function edgesOf(
  brackets: readonly Bracket[],
  from: number,
  to: number,
  paragraph: number,
  crossing: readonly number[],
): Edge[] {
  const edges: Edge[] = [];
  for (let index = from; index < to; index++) {
    const { start, last, end } = brackets[index] as Bracket;
    edges.push({ at: start, opens: true, index });
    if (last === paragraph) edges.push({ at: end - 1, opens: false, index });
  }
  for (const index of crossing) {
    const { first, end } = brackets[index] as Bracket;
    if (first !== paragraph) edges.push({ at: end - 1, opens: false, index });
  }
  return edges.sort((a, b) => a.at - b.at);
}

function stretches(
  reading: Reading,
  edges: readonly Edge[],
  around: number[],
  length: number,
  dress: Dress,
): Stretch[] {
  const out: Stretch[] = [];
  let done = 0;
  const upTo = (to: number, mark = false) => {
    if (around.length > 0 && to > done)
      put(out, done, to, lookOf(reading, around, dress) + (mark ? " bracket-mark" : ""));
    done = to;
  };
  for (const { at, opens, index } of edges) {
    upTo(at);
    if (opens) around.push(index);
    upTo(at + 1, true);
    if (!opens) around.pop();
  }
  upTo(length);
  return out;
}

function put(out: Stretch[], from: number, to: number, look: string): void {
  const last = out.at(-1);
  if (last !== undefined && last.to === from && last.look === look) last.to = to;
  else out.push({ from, to, look });
}

function lookOf({ brackets }: Reading, around: readonly number[], dress: Dress): string {
  const inner = around.at(-1) as number;
  const looks = [`bracket bracket-${Math.min(around.length, DEEPEST)}`];
  const kind = brackets[inner]?.kind;
  if (kind === "note" || kind === "placeholder") looks.push(`bracket-${kind}`);
  // Beyond the deepest look nothing is told apart, so that ten thousand nested brackets are a few stretches.
  const near = around.slice(0, DEEPEST);
  if (near.some((index) => dress.own(index))) looks.push("bracket-own");
  if (near.some((index) => dress.current(index))) looks.push("bracket-current");
  return looks.join(" ");
}

/** The words that say who a bracket is from, as tags, and lints. */
function wordsOf(
  { brackets, lints }: Reading,
  paragraph: number,
  from: number,
  to: number,
  crossing: readonly number[],
): Stretch[] {
  const out: Stretch[] = [];
  const tag = (index: number) => {
    const { said, attribution } = brackets[index] as Bracket;
    if (said.length === 0) return;
    const [one, ...more] = new Set(attribution.map(({ delegation }) => delegation));
    const hue = one !== undefined && more.length === 0 ? hueOf(one) : "";
    for (const place of said)
      if (place.paragraph === paragraph) out.push({ from: place.from, to: place.to, look: `bracket-party ${hue}` });
  };
  for (let index = from; index < to; index++) tag(index);
  for (const index of crossing) if (index < from) tag(index);
  for (const lint of lints)
    if (lint.paragraph === paragraph)
      out.push({ from: lint.start, to: lint.end, look: `lint lint-${lint.code.toLowerCase()}` });
  return out;
}
