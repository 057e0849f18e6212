/**
 * The reading of a text that changes, as if it were read from scratch: what is known of a paragraph is kept for as long
 * as it stays the same object, and what its brackets are as long as none crosses it.
 */
import type { Bracket, Paragraph, Place, Reading } from "./model";
import { match, type Pair } from "./pairs";
import { assembled, classified, view } from "./reading";
import { Register } from "./register";
import { type Scan, scan } from "./scan";

interface Known {
  readonly scan: Scan;
  block: Block | null;
}
/** The brackets of one paragraph, where they stood when they were read. */
interface Block {
  readonly pairs: readonly Pair[];
  readonly brackets: readonly Bracket[];
  readonly paragraph: number;
  /** Index of the first in the reading. */
  readonly first: number;
}
/** A paragraph by the object that stands for its text. */
export interface Source extends Pick<Paragraph, "id" | "kind" | "level"> {
  readonly key: object;
}

export class Reader {
  private known = new WeakMap<object, Known>();

  /** `look` gives text and struck stretches of a paragraph that is not known yet. */
  constructor(
    private readonly look: (key: object) => Pick<Paragraph, "text" | "struck">,
    private readonly register: Register = new Register(),
  ) {}

  read(paragraphs: readonly Source[], agreed: { has(id: string): boolean }): Reading {
    const known = paragraphs.map(({ key }) => this.knownOf(key));
    const scans = known.map((each) => each.scan);
    const { pairs, lints } = match(paragraphs, scans);
    const brackets: Bracket[] = [];
    for (let at = 0; at < pairs.length; ) {
      const end = endOfBlock(pairs, at);
      for (const bracket of this.block(pairs, at, end, known, scans)) brackets.push(bracket);
      at = end;
    }
    return assembled(paragraphs, scans, brackets, lints, agreed);
  }

  private knownOf(key: object): Known {
    let known = this.known.get(key);
    if (known === undefined) {
      known = { scan: scan(this.look(key)), block: null };
      this.known.set(key, known);
    }
    return known;
  }

  private block(
    all: readonly Pair[],
    first: number,
    end: number,
    known: readonly Known[],
    scans: readonly Scan[],
  ): readonly Bracket[] {
    const pairs = all.slice(first, end);
    const { first: paragraph, last } = pairs[0] as Pair;
    const home = paragraph === last && !pairs.some((pair) => pair.last !== paragraph) ? known[paragraph] : undefined;
    const kept = home?.block;
    if (kept && alike(kept.pairs, pairs)) {
      if (kept.paragraph === paragraph && kept.first === first) return kept.brackets;
      const by = { paragraph: paragraph - kept.paragraph, index: first - kept.first };
      const brackets = kept.brackets.map((bracket) => moved(bracket, by.paragraph, by.index));
      if (home) home.block = { pairs, brackets, paragraph, first };
      return brackets;
    }
    const own = pairs.map((pair) => ({ ...pair, parent: pair.parent === null ? null : pair.parent - first }));
    const read = classified(own, scans, (pair) => view(pair, scans, this.register));
    const brackets = read.map((bracket) => moved(bracket, 0, first));
    if (home) home.block = { pairs, brackets, paragraph, first };
    return brackets;
  }
}

/** A block is what stands in one paragraph, or in several that brackets join. */
function endOfBlock(pairs: readonly Pair[], from: number): number {
  let last = (pairs[from] as Pair).last;
  let end = from + 1;
  for (; end < pairs.length && (pairs[end] as Pair).first <= last; end++)
    last = Math.max(last, (pairs[end] as Pair).last);
  return end;
}

const alike = (before: readonly Pair[], now: readonly Pair[]): boolean =>
  before.length === now.length &&
  before.every((pair, index) => {
    const other = now[index] as Pair;
    return pair.start === other.start && pair.end === other.end && pair.slashed === other.slashed;
  });

function moved(bracket: Bracket, paragraphs: number, index: number): Bracket {
  if (paragraphs === 0 && index === 0) return bracket;
  const by = (at: number | null) => (at === null ? null : at + index);
  return {
    ...bracket,
    first: bracket.first + paragraphs,
    last: bracket.last + paragraphs,
    parent: by(bracket.parent),
    run: by(bracket.run),
    said: bracket.said.map((place: Place) => ({ ...place, paragraph: place.paragraph + paragraphs })),
  };
}
