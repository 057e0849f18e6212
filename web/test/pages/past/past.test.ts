import { expect, test } from "vitest";
import { wordsAt } from "../../../src/pages/document/whose";
import { sharesOf } from "../../../src/pages/past/authored";
import type { Compared, Redline, Span, Timeline } from "../../../src/pages/past/calls";
import { counted, numbersOf, partiesIn, sideOf, touched } from "../../../src/pages/past/changes";
import { hashOf, placeOf } from "../../../src/pages/past/place";
import { timeOf } from "../../../src/pages/past/replay";

const by = (delegation: string | null) => ({ id: "0", name: "Somebody", delegation });
const span = (op: Span["op"], text: string, more: Partial<Span> = {}): Span => ({ op, text, marks: [], ...more });
const paragraph = (id: string, status: Compared["status"], spans: Span[], more: Partial<Compared> = {}): Compared => ({
  id,
  status,
  kind: "operative",
  level: 1,
  label: null,
  spans,
  ...more,
});
const redline: Redline = {
  from: 1,
  to: 9,
  paragraphs: [
    paragraph("1-0", "same", [span("=", "One.")]),
    paragraph("1-5", "removed", [span("-", "Two.", { by: by("KAZ") })], { by: by("KAZ") }),
    paragraph("2-0", "added", [span("+", "A much longer one.", { by: by(null) })], { by: by(null) }),
    paragraph("1-9", "changed", [
      span("=", "Three"),
      span("-", "!", { by: by("JPN") }),
      span("+", ".", { by: by("JPN") }),
    ]),
    paragraph("1-20", "changed", [span("=", "Four")], { was: { kind: "body", level: 1, label: null } }),
  ],
};

test.each([
  ["#compare/1/head", { face: "compare", from: "1", to: "head" }],
  ["#compare/0123456789abcdef/42", { face: "compare", from: "0123456789abcdef", to: "42" }],
  ["#compare", { face: "compare", from: "1", to: "head" }],
  ["#compare/<b>/../x", { face: "compare", from: "1", to: "head" }],
  ["#text/42", { face: "text", at: "42" }],
  ["#text/head/more", { face: "text", at: "head" }],
  ["", { face: "text", at: "head" }],
])("the address %s names a place, and nonsense the usual one", (hash, place) => {
  expect(placeOf(hash)).toEqual(place);
  expect(placeOf(hashOf(placeOf(hash)))).toEqual(place);
});

test("changes are counted by paragraph, and parties stand in the order of what they changed", () => {
  expect(counted(redline)).toEqual({ same: 1, added: 1, removed: 1, changed: 2, moved: 0 });
  expect(partiesIn(redline)).toEqual(["", "KAZ", "JPN"]);
});

test("words that were only carried along are nobody's changes", () => {
  const split = {
    ...redline,
    paragraphs: [paragraph("3-0", "added", [span("+", "x", { by: by("KAZ"), moved: "1-0" })])],
  };
  expect(partiesIn(split)).toEqual([]);
});

test("a party has touched what it changed, began or took away; a change of kind is somebody's, too", () => {
  const touchedBy = (party: string | null) => redline.paragraphs.map((one) => touched(one, party));
  expect(touchedBy(null)).toEqual([false, true, true, true, true]);
  expect(touchedBy("KAZ")).toEqual([false, true, false, false, false]);
  expect(touchedBy("JPN")).toEqual([false, false, false, true, false]);
});

test("paragraphs are called as in the new text, and those that went as in the old one", () => {
  const called = numbersOf(redline);
  expect(["1-0", "1-5", "2-0", "1-9"].map((id) => called.get(id))).toEqual(["OP1", "OP2", "OP2", "OP3"]);
});

test("each side of a redline is one of the two texts", () => {
  const spans = redline.paragraphs[3]?.spans ?? [];
  const text = (op: "+" | "-") =>
    sideOf(spans, op)
      .map((one) => one.text)
      .join("");
  expect([text("-"), text("+")]).toEqual(["Three!", "Three."]);
});

test("shares of a text add up to the whole, the largest first", () => {
  const words = (text: string, delegation: string | null) => ({
    text,
    marks: [],
    delegation,
    participant: "0",
    at: "",
  });
  const runs = [words("abc", "KAZ"), words("a", null), words("abcd", "KAZ"), words("ab", "JPN")];
  const attribution = {
    seq: 1,
    by: null,
    at: null,
    participants: [],
    paragraphs: [{ ...paragraph("1-0", "same", []), runs }],
  };
  expect(sharesOf(attribution)).toEqual([
    { party: "KAZ", part: 0.7 },
    { party: "JPN", part: 0.2 },
    { party: "", part: 0.1 },
  ]);
});

test("the time of a point is that of the last change before it", () => {
  const timeline: Timeline = {
    seq: 9,
    ticks: [
      { seq: 1, at: "a" },
      { seq: 5, at: "b" },
    ],
    moments: [],
  };
  expect([0, 1, 4, 5, 9].map((seq) => timeOf(timeline, seq))).toEqual([null, "a", "a", "b", "b"]);
});

test("a place in a paragraph is in the words of whoever wrote the character behind it, at the end in the last", () => {
  const words = (text: string, participant: string) => ({ text, marks: [], delegation: null, participant, at: "" });
  const runs = [words("One ", "1"), words("😀two", "2")];
  const participants = [{ id: "2", name: "Ravi", delegation: null }];
  const attribution = {
    seq: 1,
    by: null,
    at: null,
    participants,
    paragraphs: [{ ...paragraph("1-0", "same", []), runs }],
  };
  expect([0, 3, 4, 8, 9].map((at) => wordsAt(attribution, at)?.participant)).toEqual(["1", "1", "2", "2", "2"]);
  expect(wordsAt(attribution, 5)?.name).toBe("Ravi");
  expect(wordsAt({ ...attribution, paragraphs: [] }, 0)).toBeNull();
});
