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

/** `lengths`: of the paragraphs' texts. */
export function pictures(reading: Reading, lengths: readonly number[], dress: Dress): Picture[] {
  const edges = edgesOf(reading.brackets);
  const around: number[] = []; // brackets that are open, outermost first
  const found = lengths.map((length, paragraph): Stretch[] => {
    const here = edges.get(paragraph);
    if (here === undefined) return around.length === 0 || length === 0 ? [] : [whole(reading, around, length, dress)];
    return stretches(reading, here, around, length, dress);
  });
  addWords(found, reading);
  return found;
}

function edgesOf(brackets: readonly Bracket[]): Map<number, Edge[]> {
  const edges = new Map<number, Edge[]>();
  const add = (paragraph: number, edge: Edge) => {
    const list = edges.get(paragraph);
    if (list === undefined) edges.set(paragraph, [edge]);
    else list.push(edge);
  };
  brackets.forEach(({ first, start, last, end }, index) => {
    add(first, { at: start, opens: true, index });
    add(last, { at: end - 1, opens: false, index });
  });
  for (const list of edges.values()) list.sort((a, b) => a.at - b.at);
  return edges;
}

const whole = (reading: Reading, around: readonly number[], length: number, dress: Dress): Stretch => ({
  from: 0,
  to: length,
  look: lookOf(reading, around, dress),
});

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
function addWords(found: Stretch[][], { brackets, lints }: Reading): void {
  for (const { said, attribution } of brackets) {
    const [one, ...more] = new Set(attribution.map(({ delegation }) => delegation));
    const hue = one !== undefined && more.length === 0 ? hueOf(one) : "";
    for (const { paragraph, from, to } of said) found[paragraph]?.push({ from, to, look: `bracket-party ${hue}` });
  }
  for (const { code, paragraph, start, end } of lints)
    found[paragraph]?.push({ from: start, to: end, look: `lint lint-${code.toLowerCase()}` });
}
