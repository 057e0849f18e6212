import { expect, test } from "vitest";
import type { Since } from "../../../src/pages/document/comments/calls";
import { countsOf, stopsOf } from "../../../src/pages/document/comments/stops";
import { mayHaveMoved, type Thread } from "../../../src/pages/document/comments/thread";

const by = { id: "1", name: "Ines", delegation: null };
const happened = (kind: string, paragraph: string | null, bracket: string | null = null, seq = 1) => ({
  seq,
  kind,
  by,
  at: "2026-11-26T10:00:00Z",
  paragraph,
  bracket,
});
const thread = (more: Partial<Thread>): Thread => ({
  id: "t",
  paragraph: "7-0",
  detached: false,
  quote: null,
  visibility: "all",
  delegation: null,
  by,
  at: "2026-11-26T10:00:00Z",
  resolved: null,
  unread: true,
  comments: [],
  ...more,
});
const places = new Map([
  ["7-0", 0],
  ["7-5", 1],
  ["7-9", 2],
]);

test("what changed is gone through in the order of the text; what has no place in it comes last", () => {
  const since: Since = {
    since: 3,
    seq: 9,
    paragraphs: [
      { id: "7-9", status: "added" },
      { id: "6-0", status: "removed" },
    ],
    brackets: [happened("position", "7-5", "7-6")],
    locks: [happened("freeze", null), happened("lock", "7-0"), happened("unlock", "7-0", null, 2)],
    comments: [thread({}), thread({ id: "lost", detached: true })],
  };
  const stops = stopsOf(since, places);
  expect(stops.map(({ kind, paragraph, what }) => [kind, paragraph, what])).toEqual([
    ["lock", "7-0", "unlock"],
    ["comment", "7-0", "comment"],
    ["bracket", "7-5", "position"],
    ["paragraph", "7-9", "added"],
    ["paragraph", null, "removed"],
    ["lock", null, "freeze"],
    ["comment", null, "comment"],
  ]);
  expect(countsOf(stops)).toEqual([
    ["paragraph", 2],
    ["bracket", 1],
    ["comment", 2],
    ["lock", 2],
  ]);
});

test("where threads stand is asked anew only when one of them may stand elsewhere", () => {
  const texts = (...pairs: [string, string][]) => pairs.map(([id, text]) => ({ id, text }));
  const known = new Set(["7-0", "7-5"]);
  const moved = (more: Partial<Thread>, ...pairs: [string, string][]) =>
    mayHaveMoved([thread(more)], texts(...pairs), known);
  expect(moved({}, ["7-0", "One"], ["7-5", "Two"])).toBe(false);
  expect(moved({}, ["7-5", "Two"])).toBe(true);
  expect(moved({ quote: "Two" }, ["7-0", "One"], ["8-0", "Two"])).toBe(true);
  expect(moved({ quote: "One" }, ["7-0", "One"], ["8-0", "One"])).toBe(false);
  expect(moved({ quote: "gone" }, ["7-0", "One"], ["8-0", "Two"])).toBe(false);
  const lost = { detached: true, paragraph: "7-3", paragraph_text: "Back" };
  expect(moved(lost, ["7-0", "One"], ["8-0", "New"])).toBe(false);
  expect(moved(lost, ["7-0", "One"], ["8-0", "Back"])).toBe(true);
});
