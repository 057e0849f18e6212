/** The progress counts (B6). */
import type { Bracket, Counts, Paragraph, Reading } from "./model";
import { covered } from "./reading";
import { wordsOf } from "./scan";

/** `agreed` holds the ids of the paragraphs that are locked: what a text says of itself is not counted as agreed. */
export function count(
  reading: Reading,
  paragraphs: readonly Pick<Paragraph, "id">[],
  agreed: { has(id: string): boolean } = new Set<string>(),
): Counts {
  const top = reading.brackets.filter(({ parent }) => parent === null);
  const words = reading.texts.map(wordsOf);
  const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
  const counted = top.filter(({ kind }) => kind !== "note");
  return {
    pairs: reading.brackets.length,
    issues: issues(reading, top),
    placeholders: reading.brackets.filter(({ kind }) => kind === "placeholder").length,
    words: sum(words),
    words_bracketed: sum(counted.map((bracket) => wordsWithin(bracket, reading.texts, words))),
    paragraphs: paragraphs.length,
    clean_paragraphs: paragraphs.length - covered(reading.brackets).size,
    agreed_paragraphs: paragraphs.filter(({ id }) => agreed.has(id)).length,
    lints: reading.lints.length,
  };
}

function wordsWithin({ first, start, last, end }: Bracket, texts: readonly string[], words: readonly number[]): number {
  const text = (index: number) => texts[index] ?? "";
  if (first === last) return wordsOf(text(first).slice(start, end));
  const between = words.slice(first + 1, last).reduce((total, each) => total + each, 0);
  return wordsOf(text(first).slice(start)) + between + wordsOf(text(last).slice(0, end));
}

/**
 * A top-level pair, run or group of options is one each. A placeholder waits for a fact and a note for nobody; what
 * stands in one option's own paragraph falls with that option.
 */
function issues({ options }: Reading, top: readonly Bracket[]): number {
  const inside = new Set<number>();
  for (const { first, last } of top) for (let index = first; index < last; index++) inside.add(index);
  const grouped = new Set(options.flatMap(({ paragraph, group }) => (group === null ? [] : [paragraph])));
  const groups = new Set(options.flatMap(({ group }) => (group === null || inside.has(group) ? [] : [group])));
  const runs = new Set<number>();
  let single = 0;
  for (const { kind, first, last, run } of top) {
    if (kind === "placeholder" || kind === "note" || (first === last && grouped.has(first))) continue;
    if (run === null) single++;
    else runs.add(run);
  }
  return single + runs.size + groups.size;
}
