import { describe, expect, test } from "vitest";
import type { RoomEvent } from "../../src/connection/messages";
import { type Lock, locksAfter } from "../../src/pages/document/lockState";
import { wordDiff } from "../../src/pages/document/wordDiff";

const shown = (before: string, after: string) =>
  wordDiff(before, after)
    .map(({ op, text }) => (op === "=" ? text : `{${op}${text}}`))
    .join("");

test.each([
  ["same", "same", "same"],
  ["The Parties shall act.", "The Parties should act.", "The Parties {-shall}{+should} act."],
  ["One two", "One two three", "One two{+ three}"],
  ["", "New", "{+New}"],
  ["Gone", "", "{-Gone}"],
  ["Стороны [могут] действовать", "Стороны могут действовать", "Стороны {-[}могут{-]} действовать"],
])("what changed from %j to %j, word by word", (before, after, wanted) => {
  expect(shown(before, after)).toBe(wanted);
});

test("a text replaced by another, however long, is told in time", () => {
  const [before, after] = ["a b ".repeat(2000), "c d ".repeat(2000)];
  const spans = wordDiff(before, after);
  const side = (...ops: string[]) => spans.flatMap(({ op, text }) => (ops.includes(op) ? text : [])).join("");
  expect([side("=", "-"), side("=", "+")]).toEqual([before, after]);
});

describe("W2: the locks follow the events of the room", () => {
  const by = { id: "1", name: "Ines", delegation: null };
  const event = (kind: string, data: object): RoomEvent => ({ type: "event", seq: 1, kind, by, at: "now", data });
  const agreed = new Map<string, Lock>([["1-0", { status: "agreed", by, at: "before" }]]);

  test("a lock comes, with who and when", () => {
    const locks = locksAfter(agreed, event("lock", { paragraph: "1-5", status: "agreed_ad_ref" }));
    expect(locks.get("1-5")).toEqual({ status: "agreed_ad_ref", by, at: "now" });
    expect(locks.size).toBe(2);
  });
  test("a lock goes", () => {
    expect(locksAfter(agreed, event("unlock", { paragraph: "1-0", reason: "why" })).size).toBe(0);
  });
  test("other events leave them alone", () => {
    expect(locksAfter(agreed, event("focus", { paragraph: "1-0" }))).toBe(agreed);
  });
});
