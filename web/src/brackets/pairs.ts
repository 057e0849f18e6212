/** Which `[` belongs to which `]`: one stack, which a heading clears of its section (grammar: section). */
import type { Lint, Paragraph } from "./model";
import { trim } from "./pattern";
import type { Scan, Sign } from "./scan";

/** A level below every heading's: any heading ends what stands before the first. */
const BEFORE_HEADINGS = 2 ** 30;

interface Nesting {
  readonly first: number;
  readonly start: number;
  readonly last: number;
  readonly end: number;
  readonly slashed: boolean;
  depth: number;
  parent: number | null;
}
export type Pair = Readonly<Nesting>;
interface Open {
  readonly paragraph: number;
  readonly at: number;
  /** Of the heading that it stands under or in. */
  readonly level: number;
  slashed: boolean;
}
type Ranked = Pick<Paragraph, "kind" | "level">;

class Matcher {
  readonly pairs: Nesting[] = [];
  readonly lints: Lint[] = [];
  private readonly stack: Open[] = [];
  private level = BEFORE_HEADINGS;

  constructor(private readonly scans: readonly Scan[]) {}

  /** Ends every section of this or a lower rank; what was opened under a parent stays open. */
  heading(level: number): void {
    for (let top = this.stack.at(-1); top !== undefined && top.level >= level; top = this.stack.at(-1)) {
      this.stack.pop();
      this.lints.push(unclosed(top, this.scans[top.paragraph] as Scan));
    }
    this.level = level;
  }
  sign(paragraph: number, { char, at, link }: Sign): void {
    if (char === "[") {
      this.stack.push({ paragraph, at, level: this.level, slashed: false });
      return;
    }
    const top = this.stack.at(-1);
    if (char === "/") {
      if (top !== undefined) top.slashed = true;
    } else if (top !== undefined) {
      this.stack.pop();
      if (link && top.paragraph === paragraph) return;
      const { paragraph: first, at: start, slashed } = top;
      this.pairs.push({ first, start, last: paragraph, end: at + 1, slashed, depth: 1, parent: null });
    } else if (!link) this.lints.push(stray(paragraph, at, this.scans[paragraph] as Scan));
  }
}

/** The pairs in the order of their `[`, depth and parent from matched pairs alone, and what found no partner. */
export function match(
  paragraphs: readonly Ranked[],
  scans: readonly Scan[],
): { pairs: readonly Pair[]; lints: Lint[] } {
  const matcher = new Matcher(scans);
  scans.forEach((scan, index) => {
    const { kind, level } = paragraphs[index] as Ranked;
    if (kind === "heading") matcher.heading(level);
    for (const sign of scan.signs) matcher.sign(index, sign);
  });
  matcher.heading(0);
  const pairs = matcher.pairs.sort((a, b) => a.first - b.first || a.start - b.start);
  nest(pairs);
  return { pairs, lints: matcher.lints };
}

function nest(pairs: Nesting[]): void {
  const around: number[] = [];
  pairs.forEach((pair, index) => {
    while (around.length > 0 && ends(pairs[around.at(-1) as number] as Pair, pair)) around.pop();
    pair.parent = around.at(-1) ?? null;
    around.push(index);
    pair.depth = around.length;
  });
}

const ends = (one: Pair, other: Pair): boolean =>
  one.last < other.first || (one.last === other.first && one.end <= other.start);

/** Mend: close it at the end of its paragraph. */
function unclosed({ paragraph, at }: Open, { text }: Scan): Lint {
  const mend = { paragraph, at: text.length, delete: 0, insert: "]" };
  return { code: "UNCLOSED", paragraph, start: at, end: at + 1, mend };
}

/** Mend: open it where the paragraph's own words begin, or take it out when none stand before it. */
function stray(paragraph: number, at: number, { text, body }: Scan): Lint {
  const words = trim(text.slice(body, at)) !== "";
  const mend = words ? { paragraph, at: body, delete: 0, insert: "[" } : { paragraph, at, delete: 1, insert: "" };
  return { code: "STRAY_CLOSE", paragraph, start: at, end: at + 1, mend };
}
