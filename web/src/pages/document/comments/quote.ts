/** A quote is found again by its words, whatever was written around it. */

export const LONGEST = 300; // characters of a quote: enough to know it by

/** Where a quote stands in a text, in UTF-16 units; null when it no longer does. Spaces may differ. */
export function findQuote(text: string, quote: string): readonly [from: number, to: number] | null {
  const words = quote.trim();
  if (words === "") return null;
  const exact = text.indexOf(words);
  if (exact >= 0) return [exact, exact + words.length];
  const pattern = words.split(/\s+/u).map(literally).join("\\s+");
  const found = new RegExp(pattern, "u").exec(text);
  return found === null ? null : [found.index, found.index + found[0].length];
}

const literally = (word: string) => word.replace(/[\\^$.*+?()[\]{}|/]/gu, "\\$&");

/** As much of what was selected as a quote takes, at a word's end where there is one. */
export function quotable(selected: string): string | null {
  const words = selected.trim().replace(/\s+/gu, " ");
  if (words === "") return null;
  const letters = Array.from(words);
  if (letters.length <= LONGEST) return words;
  const cut = letters.slice(0, LONGEST).join("");
  return cut.includes(" ") ? cut.slice(0, cut.lastIndexOf(" ")) : cut;
}
