import type { PageParagraph } from "../../editor/interface";
import type { Attributes } from "../../editor/schema";

/** What paragraphs are called: the label or, where there is none, the number by kind; a label is not counted. */
export function numbers(paragraphs: Iterable<Attributes>): string[] {
  const counts = { preamble: 0, operative: 0, body: 0 };
  let items: number[] = [];
  return Array.from(paragraphs, ({ kind, level, label }) => {
    if (kind === "item") {
      items = items.slice(0, level);
      if (label === null) items[level - 1] = (items[level - 1] ?? 0) + 1;
      return label ?? itemName(items[level - 1] ?? 1, level);
    }
    items = [];
    if (label !== null) return label;
    if (kind === "preamble") return `PP${++counts.preamble}`;
    if (kind === "operative") return `OP${++counts.operative}`;
    return kind === "body" ? `${++counts.body}` : "";
  });
}

const known = new WeakMap<readonly PageParagraph[], ReadonlyMap<string, string>>();

/** The same by paragraph id, for the outline and for speech; titles and headings have none. Counted once a list. */
export function numbered(paragraphs: readonly PageParagraph[]): ReadonlyMap<string, string> {
  const before = known.get(paragraphs);
  if (before) return before;
  const names = numbers(paragraphs);
  const found = new Map(
    paragraphs.flatMap(({ id, index }): [string, string][] => (names[index] ? [[id, names[index]]] : [])),
  );
  known.set(paragraphs, found);
  return found;
}

/** (a) at the first level, (i) at the second, (1) below. */
function itemName(count: number, level: number): string {
  if (level === 1) return `(${alphabetic(count)})`;
  return level === 2 ? `(${roman(count)})` : `(${count})`;
}

function alphabetic(count: number): string {
  const letter = String.fromCodePoint(97 + ((count - 1) % 26));
  return count > 26 ? alphabetic(Math.floor((count - 1) / 26)) + letter : letter;
}

const NUMERALS: readonly (readonly [number, string])[] = [
  [1000, "m"],
  [900, "cm"],
  [500, "d"],
  [400, "cd"],
  [100, "c"],
  [90, "xc"],
  [50, "l"],
  [40, "xl"],
  [10, "x"],
  [9, "ix"],
  [5, "v"],
  [4, "iv"],
  [1, "i"],
];

function roman(count: number): string {
  let rest = count;
  let written = "";
  for (const [value, letters] of NUMERALS) {
    while (rest >= value) {
      written += letters;
      rest -= value;
    }
  }
  return written;
}
