import type { PageParagraph } from "../../editor/interface";

/**
 * What a paragraph is called in the gutter, in the outline and in speech: its label or, where it has none, its number
 * by kind. `document.css` counts the same way with CSS counters; a paragraph with a label is not counted.
 */
export function numbered(paragraphs: readonly PageParagraph[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const counts = { preamble: 0, operative: 0, body: 0 };
  let items: number[] = [];
  for (const { id, kind, level, label } of paragraphs) {
    if (kind === "item") {
      items = items.slice(0, level);
      if (label === null) items[level - 1] = (items[level - 1] ?? 0) + 1;
      names.set(id, label ?? itemName(items[level - 1] ?? 1, level));
      continue;
    }
    items = [];
    if (label !== null) names.set(id, label);
    else if (kind === "preamble") names.set(id, `PP${++counts.preamble}`);
    else if (kind === "operative") names.set(id, `OP${++counts.operative}`);
    else if (kind === "body") names.set(id, `${++counts.body}`);
  }
  return names;
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
