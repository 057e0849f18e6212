import { expect, test } from "vitest";
import { candidates, mentionAt, mentioned } from "../../../src/pages/document/comments/mention";

const all = [
  { code: "KAZ", name: "Kazakhstan", kind: "member" as const },
  { code: "KOR", name: "Republic of Korea", kind: "member" as const },
  { code: "IND", name: "India", kind: "member" as const },
];
const found = (begun: string) => candidates(all, begun).map(({ code }) => code);

test("a mention begins with an at sign that stands behind no letter", () => {
  expect(mentionAt("ask @Ka", 7)).toEqual({ from: 4, begun: "Ka" });
  expect(mentionAt("@", 1)).toEqual({ from: 0, begun: "" });
  expect(mentionAt("a@b", 3)).toBeNull();
  expect(mentionAt("@KAZ done", 9)).toBeNull();
});
test("it is completed by code and by the words of names", () => {
  expect(found("k")).toEqual(["KAZ", "KOR"]);
  expect(found("korea")).toEqual(["KOR"]);
  expect(found("")).toEqual(["IND", "KAZ", "KOR"]);
  expect(found("nobody")).toEqual([]);
});
test("the code takes the place of what was written, and one writes on behind it", () => {
  expect(mentioned("ask @ka, now", { from: 4, caret: 7, code: "KAZ" })).toEqual({ body: "ask @KAZ , now", caret: 9 });
  expect(mentioned("@k", { from: 0, caret: 2, code: "KAZ" })).toEqual({ body: "@KAZ ", caret: 5 });
});
