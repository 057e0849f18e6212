/** A text that changes reads as if from scratch, and nothing costs more than linear time. */
import { describe, expect, test } from "vitest";
import { count, type Paragraph, Reader, Register, read, textOf } from "../../src/brackets";
import { Random } from "../random";
import { paragraphs } from "./texts";

const REGISTER = new Register([
  ["KAZ", "Kazakhstan"],
  ["IND", "India"],
]);
const PIECES = [
  "[",
  "]",
  "[shall]",
  "[should] ",
  "[a",
  "b]",
  " or ",
  "KAZ: ",
  " (IND)",
  "word ",
  "/",
  "Option 1 ",
  "😀",
];
const NONE = new Set<string>();

test.each(Array.from({ length: 20 }, (_, seed) => seed))("B1: after each of many edits, seed %i", (seed) => {
  const random = new Random(seed);
  const reader = new Reader((key) => key as Paragraph, REGISTER);
  let text: Paragraph[] = paragraphs("One [a] two.\n\n[Three\n\nfour] five.\n\n# Six\n\n[shall][should]");
  let id = 100;
  for (let edit = 0; edit < 60; edit++) {
    const at = random.below(text.length + 1);
    const pieces = Array.from({ length: random.below(6) }, () => random.pick(PIECES)).join("");
    const kind = random.below(4) === 0 ? "heading" : "body";
    const fresh = { id: `1-${id++}`, kind, level: 1 + random.below(2), text: pieces, struck: [] };
    text = text.toSpliced(at, random.below(2), ...(random.below(4) === 0 ? [] : [fresh]));
    const agreed = new Set(text.slice(0, 1).map((paragraph) => paragraph.id));
    const known = text.map((paragraph) => ({ ...paragraph, key: paragraph }));
    expect(reader.read(known, agreed)).toEqual(read(text, REGISTER, agreed));
  }
});

test("B4: a bracket's text has both brackets, and its paragraphs are parted by a line break", () => {
  const text = paragraphs("One [two\n\nthree] four");
  expect(read(text).brackets.map((bracket) => textOf(bracket, text))).toEqual(["[two\nthree]"]);
});

test("where the words stand that say who a bracket is from", () => {
  const text = paragraphs("[KAZ: in time] [at last - IND] [now] (KAZ)");
  const said = read(text, REGISTER).brackets.flatMap((bracket) => bracket.said);
  expect(said.map(({ from, to }) => text[0]?.text.slice(from, to))).toEqual(["KAZ: ", " - IND", " (KAZ)"]);
});

describe("bad input reads in linear time", () => {
  const shapes: Record<string, (n: number) => string> = {
    nested: (n) => `${"[".repeat(n)}x${"]".repeat(n)}`,
    "with words": (n) => "[a ".repeat(n) + " b]".repeat(n),
    long: (n) => `[${"word ".repeat(2 * n)}]`,
    unclosed: (n) => "[KAZ: ".repeat(n),
    links: (n) => "{".repeat(n) + "[a](http://".repeat(n),
    slashes: (n) => "[x]/".repeat(n) + "]".repeat(n),
    spaces: (n) => `[${" ".repeat(n)}]`,
    apart: (n) => `[a]${" ".repeat(n)}b [c]`,
  };
  const seconds = (text: string) => {
    const written = paragraphs(text);
    const costs = [1, 2, 3].map(() => {
      const begun = performance.now();
      count(read(written, REGISTER), written, NONE);
      return performance.now() - begun;
    });
    return Math.min(...costs) / 1000;
  };
  test.each(Object.entries(shapes))("%s", (_, shape) => {
    const [small, large] = [seconds(shape(1_000)), seconds(shape(4_000))];
    expect(large, "four times the text, more than sixteen times the time: quadratic").toBeLessThan(16 * small + 0.05);
  });
});
