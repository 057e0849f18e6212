/** The worked cases of the grammar (B1): the same file serves the server's reading of brackets. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Bracket, number, type Paragraph, type Reading, Register, read } from "../../src/brackets";
import { paragraphs } from "./texts";

interface Case {
  readonly id: string;
  readonly text: string;
  readonly pairs: number;
  readonly kinds: readonly string[];
}
const CASES: readonly Case[] = readFileSync("../tests/data/bracket_cases.jsonl", "utf8")
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => JSON.parse(line));
const REGISTER = new Register([
  ["AZE", "Azerbaijan"],
  ["CHN", "China"],
  ["IND", "India"],
  ["IRN", "Iran (Islamic Republic of)"],
  ["KAZ", "Kazakhstan"],
  ["PAK", "Pakistan"],
  ["RUS", "Russian Federation"],
  ["UZB", "Uzbekistan"],
]);
const FAMILY = new Set(["contested", "paragraph", "section"]);
const STATUS_TAGS = { agreed: "agreed", agreed_ad_ref: "ad-ref", pending: "pending" };
/** What is no bracket leaves no trace in a reading: these tags say why there are no pairs. */
const NONE_AT_ALL = new Set(["footnote", "link", "checkbox", "quote-alteration", "elision"]);
const isLint = (tag: string) => tag.startsWith("lint:");

test.each(CASES)("B1: $id: $text", ({ text, pairs, kinds }) => {
  const written = paragraphs(text);
  const reading = read(written, REGISTER);
  const tags = tagsOf(written, reading);
  expect(reading.brackets).toHaveLength(pairs);
  expect([...tags]).toEqual(expect.arrayContaining(kinds.filter((tag) => !NONE_AT_ALL.has(tag))));
  expect([...tags].filter(isLint).sort()).toEqual(kinds.filter(isLint).sort());
  if (kinds.length === 0 || kinds.some((tag) => NONE_AT_ALL.has(tag))) expect([...tags]).toEqual([]);
});

test("every case is there", () => {
  expect(new Set(CASES.map(({ id }) => id)).size).toBe(64);
});

/** A reading in the words of the cases. */
function tagsOf(written: readonly Paragraph[], { brackets, lints, options, statuses }: Reading): Set<string> {
  const tags = new Set(lints.map(({ code }) => `lint:${code}`));
  for (const status of statuses.values()) tags.add(`status:${STATUS_TAGS[status]}`);
  for (const { text } of written) {
    const numbered = number(text);
    if (numbered && numbered.sort !== "plain") tags.add(`number:${numbered.label.replaceAll(" ", "")}`);
    if (text.includes("{")) tags.add("facilitator-note");
  }
  for (const bracket of brackets) for (const tag of bracketTags(written, bracket)) tags.add(tag);
  if (options.length > 0) tags.add("option");
  if (options.some(({ empty }) => empty)) tags.add("null-option");
  for (const { group } of options)
    if (group !== null) tags.add(`option-group:${options.filter((option) => option.group === group).length}`);
  return tags;
}

function bracketTags(written: readonly Paragraph[], bracket: Bracket): string[] {
  const { kind, depth, slashed, runClass } = bracket;
  const inside = (written[bracket.first]?.text ?? "").slice(bracket.start + 1, bracket.end - 1).trim();
  const alternatives = runClass === "alternatives" || runClass === "open";
  const tags: [string, boolean][] = [
    [kind.replaceAll("_", "-"), true],
    ["contested", FAMILY.has(kind)],
    ["contested:nested", FAMILY.has(kind) && depth > 1],
    ["contested:paragraph", kind === "paragraph"],
    ["contested:multi-paragraph", kind === "section"],
    ["placeholder:empty", kind === "placeholder" && inside === ""],
    ["note:language", kind === "note" && inside.startsWith("in ")],
    ["alternatives:slash", slashed],
    ["alternatives:slash-leading", slashed && inside.startsWith("/")],
    ["alternatives", alternatives],
    ["alternatives:nested", alternatives && depth > 1],
    ["alternatives:open", runClass === "open"],
    [`run:${runClass}`, runClass !== null && !alternatives],
  ];
  return [...tags.flatMap(([tag, holds]) => (holds ? [tag] : [])), ...attributionTags(written, bracket)];
}

function attributionTags(written: readonly Paragraph[], { attribution, last, end }: Bracket): string[] {
  if (attribution.length === 0) return [];
  const codes = (of: Bracket["attribution"]) => of.map(({ delegation }) => delegation).join(",");
  const tags = [`attr:${codes(attribution)}`];
  for (const stance of new Set(attribution.map((each) => each.stance)))
    if (stance !== null) tags.push(`${stance}:${codes(attribution.filter((each) => each.stance === stance))}`);
  if (!(written[last]?.text ?? "").slice(end).trimStart().startsWith("(")) tags.push("proposal");
  return tags;
}
