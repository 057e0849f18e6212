import { describe, expect, test } from "vitest";
import { findQuote, quotable } from "../../../src/pages/document/comments/quote";
import {
  ALL,
  counted,
  type Filter,
  matches,
  mayPublish,
  mayResolve,
  ordered,
  printable,
  type Reader,
  type Remark,
  type Thread,
  threadsAfter,
} from "../../../src/pages/document/comments/thread";

const ines = { id: "1", name: "Ines", delegation: null };
const ravi = { id: "2", name: "Ravi", delegation: "IND" };
const me: Reader = { id: "3", role: "delegate", delegation: "KAZ" };
const aigerim = { id: "3", name: "Aigerim", delegation: "KAZ" };

const remark = (by: Remark["by"], more: Partial<Remark> = {}): Remark => ({
  id: "c",
  body: "Words",
  by,
  at: "2026-11-26T10:00:00Z",
  edited_at: null,
  withdrawn: false,
  mentions: [],
  ...more,
});
const thread = (more: Partial<Thread> = {}): Thread => ({
  id: "t",
  paragraph: "7-0",
  detached: false,
  quote: null,
  visibility: "all",
  delegation: null,
  by: ravi,
  at: "2026-11-26T10:00:00Z",
  resolved: null,
  unread: false,
  comments: [remark(more.by ?? ravi)],
  ...more,
});
const resolved = { by: ines, at: "2026-11-26T11:00:00Z" };

describe("threads follow the events of the room", () => {
  const told = (action: "comment" | "resolved", one = thread()) => ({ thread: one, action, paragraph: "7-0" });
  const unreadAfter = (action: "comment" | "resolved", by: string, open: string | null = null, known = thread()) =>
    threadsAfter(new Map([["t", known]]), told(action), by, me, open).get("t")?.unread;

  test("what another writes is unread", () => expect(unreadAfter("comment", "2")).toBe(true));
  test("what one writes oneself is not", () => expect(unreadAfter("comment", "3")).toBe(false));
  test("nor what comes where one is reading", () => expect(unreadAfter("comment", "2", "t")).toBe(false));
  test("a resolution brings nothing to read, and reads nothing", () => {
    expect(unreadAfter("resolved", "2")).toBe(false);
    expect(unreadAfter("resolved", "2", null, thread({ unread: true }))).toBe(true);
  });
});

describe("the filter", () => {
  const finds = (one: Thread, filter: Partial<Filter>) => matches(one, { ...ALL, ...filter }, me);
  test("shows open ones unless asked", () => {
    expect(finds(thread({ resolved }), {})).toBe(false);
    expect(finds(thread({ resolved }), { state: "resolved" })).toBe(true);
    expect(finds(thread(), { state: "any" })).toBe(true);
  });
  test("knows who wrote in a thread", () => {
    expect(finds(thread(), { delegation: "IND" })).toBe(true);
    expect(finds(thread({ comments: [remark(ravi), remark(aigerim)] }), { delegation: "KAZ" })).toBe(true);
    expect(finds(thread(), { delegation: "KAZ" })).toBe(false);
  });
  test("for us: those that mention one's delegation, but not in what was withdrawn", () => {
    expect(finds(thread({ comments: [remark(ravi, { mentions: ["KAZ"] })] }), { which: "for_us" })).toBe(true);
    const gone = remark(ravi, { mentions: ["KAZ"], withdrawn: true, body: null });
    expect(finds(thread({ comments: [gone] }), { which: "for_us" })).toBe(false);
  });
  test("mine: those that one has written in", () => {
    expect(finds(thread(), { which: "mine" })).toBe(false);
    expect(finds(thread({ comments: [remark(ravi), remark(aigerim)] }), { which: "mine" })).toBe(true);
  });
});

test("threads stand in the order of the text, those on deleted paragraphs last", () => {
  const all = [
    thread({ id: "gone", paragraph: "7-0", detached: true }),
    thread({ id: "late", paragraph: "7-9" }),
    thread({ id: "second", at: "2026-11-26T12:00:00Z" }),
    thread({ id: "first" }),
  ];
  const places = new Map([
    ["7-0", 0],
    ["7-9", 1],
  ]);
  expect(ordered(all, places).map(({ id }) => id)).toEqual(["first", "second", "late", "gone"]);
});

test("each paragraph has its count; what is resolved and read counts no more", () => {
  const counts = counted([thread(), thread({ unread: true }), thread({ resolved }), thread({ detached: true })]);
  expect([...counts]).toEqual([["7-0", { open: 2, unread: true }]]);
});

test("P2: who resolves and who publishes", () => {
  const chair: Reader = { id: "1", role: "chair", delegation: null };
  expect([mayResolve(thread(), me), mayResolve(thread({ by: aigerim }), me), mayResolve(thread(), chair)]).toEqual([
    false,
    true,
    true,
  ]);
  const ours = thread({ visibility: "delegation", delegation: "KAZ" });
  expect([mayPublish(ours, me), mayPublish(ours, chair), mayPublish(thread(), me)]).toEqual([true, false, false]);
});

test("what is pasted from elsewhere becomes words that can be shown", () => {
  expect(printable("One\r\ntwo\u000bthree\u2028four\u0000\u001b[31m\tfive\ud800")).toBe(
    "One\ntwo\nthree\nfour[31m\tfive\ufffd",
  );
});

describe("quotes", () => {
  test("are found again whatever became of the spaces", () => {
    expect(findQuote("The Parties  shall\u00a0cooperate.", "Parties shall cooperate")).toEqual([4, 28]);
    expect(findQuote("low-lying\nstates (all)", "low-lying states (all)")).toEqual([0, 22]);
    expect(findQuote("a (b) c", "(b)")).toEqual([2, 5]);
    expect(findQuote("other words", "these")).toBeNull();
    expect(findQuote("text", "  ")).toBeNull();
  });
  test("are cut at a word's end", () => {
    expect(quotable("  two\n words ")).toBe("two words");
    expect(quotable(`${"word ".repeat(80)}`)?.length).toBe(299);
    expect(quotable(" ")).toBeNull();
  });
});
