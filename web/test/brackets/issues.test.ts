/** What is listed, and whom it waits for. */
import { describe, expect, test } from "vitest";
import { count, Register, read } from "../../src/brackets";
import type { Kept, Position } from "../../src/pages/document/brackets/calls";
import { awaiting, filtered, type Issue, issuesOf, stanceOf } from "../../src/pages/document/brackets/issues";
import { excerpt } from "../../src/pages/document/brackets/names";
import { marks, thinned } from "../../src/pages/document/brackets/series";
import { paragraphs } from "./texts";

const REGISTER = new Register([
  ["KAZ", "Kazakhstan"],
  ["IND", "India"],
]);
const says = (stance: Position["stance"]): Position => ({ stance, note: null, at: "", by: null, on_behalf: false });

/** Brackets are named by their order. */
function issues(text: string, positions: Readonly<Record<string, Kept["positions"]>> = {}): Issue[] {
  const written = paragraphs(text);
  const reading = read(written, REGISTER);
  const kept = Object.entries(positions).map(([id, each]): [string, Kept] => [
    id,
    { id, text: "", status: "open", opened: null, positions: each, resolution: null },
  ]);
  const ids = reading.brackets.map((_, index) => `b${index}`);
  return issuesOf({ reading, ids, paragraphs: written, counts: count(reading, written) }, new Map(kept));
}
const texts = (list: readonly Issue[]) => list.map(({ text }) => text);

describe("what is listed", () => {
  const TEXT = "[a [b] c] by [date] [Note: later] [shall][should] [KAZ: d]";
  test("open issues are those of the first depth that anybody's agreement is missing for", () => {
    expect(texts(filtered(issues(TEXT), "open", "KAZ"))).toEqual(["[a [b] c]", "[shall]", "[should]", "[KAZ: d]"]);
  });
  test("all, nested ones too", () => {
    expect(filtered(issues(TEXT), "nested", null)).toHaveLength(7);
  });
  test("ours are those that name us or on which we have spoken", () => {
    expect(texts(filtered(issues(TEXT, { b4: { KAZ: says("oppose") } }), "mine", "KAZ"))).toEqual([
      "[shall]",
      "[KAZ: d]",
    ]);
  });
});

describe("whom an issue waits for", () => {
  const TEXT = "[a] x [shall][should] y [KAZ: d]";
  test("one who has said nothing of any member of the run", () => {
    expect(awaiting(issues(TEXT), "KAZ")).toBe(2);
    expect(awaiting(issues(TEXT, { b2: { KAZ: says("prefer") } }), "KAZ")).toBe(1);
    expect(texts(filtered(issues(TEXT, { b2: { KAZ: says("prefer") } }), "awaiting", "KAZ"))).toEqual(["[a]"]);
  });
  test("one who awaits instructions has still to say something", () => {
    expect(awaiting(issues(TEXT, { b0: { KAZ: says("awaiting") } }), "KAZ")).toBe(2);
  });
  test("without a delegation: those on which nobody has spoken", () => {
    expect(awaiting(issues(TEXT), null)).toBe(2);
    expect(awaiting(issues(TEXT, { b0: { IND: says("oppose") } }), null)).toBe(1);
  });
  test("a group of options is one, as it is counted (B6)", () => {
    const options = "[x]\nOption 1: we [shall] act\nOption 2: we [may] [now] act";
    expect(awaiting(issues(options), "KAZ")).toBe(2);
    expect(awaiting(issues(options, { b3: { KAZ: says("prefer") } }), "KAZ")).toBe(1);
    const written = paragraphs(options);
    expect(count(read(written, REGISTER), written).issues).toBe(2);
  });
  test("a position counts more than the words of the text", () => {
    const [issue] = issues("[KAZ proposes: d]", { b0: { KAZ: says("reserve") } });
    expect(issue && stanceOf(issue, "KAZ")).toBe("reserve");
    expect(issue && stanceOf(issue, "IND")).toBe(null);
  });
});

test("a run is settled together under the id of its first member", () => {
  expect(issues("[a][b] [c] x [d]").map(({ key, members }) => [key, members])).toEqual([
    ["b0", 3],
    ["b0", 3],
    ["b0", 3],
    ["b3", 1],
  ]);
});

test("a long bracket is told by its beginning and still closes", () => {
  expect(excerpt("[one two three four]", 12)).toBe("[one two…]");
  expect(excerpt("[one\ntwo]")).toBe("[one two]");
});

test("a long series keeps its ends and its turns", () => {
  const series = Array.from({ length: 1_000 }, (_, index) => ({ counts: { issues: index === 500 ? 99 : 10 } }));
  const thin = thinned(series, 50);
  expect(thin).toHaveLength(50);
  expect([thin[0], thin.at(-1)]).toEqual([series[0], series.at(-1)]);
  expect(thin.some(({ counts }) => counts.issues === 99)).toBe(true);
});

test("a resolution shows as a step, with the counts right before it", () => {
  const counts = count(read([]), []);
  const at = (issues: number) => ({ ...counts, issues });
  const point = (seq: number, issues: number, change: number | null) => ({
    ...{ seq, at: "", kind: "resolution", counts: at(issues), change: change === null ? null : at(change) },
  });
  const series = marks([point(1, 9, null), point(5, 6, -1), point(6, 5, -1)]);
  expect(series.map((mark) => mark.counts.issues)).toEqual([9, 7, 6, 5]);
});
