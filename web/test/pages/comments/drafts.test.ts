import { beforeEach, describe, expect, test } from "vitest";
import { Drafts, forgetDrafts, NOTHING } from "../../../src/pages/document/comments/drafts";

const draft = { ...NOTHING, body: "Not yet sent" };

beforeEach(() => localStorage.clear());

describe("a comment that is not posted yet", () => {
  test("is there after a reload", () => {
    new Drafts("p", "d").keep("reply/t1", { ...draft, visibility: "delegation", key: "k", quote: "q" });
    expect(new Drafts("p", "d").get("reply/t1")).toEqual({ ...draft, visibility: "delegation", key: "k", quote: "q" });
  });
  test("is nobody else's, and of no other document", () => {
    new Drafts("p", "d").keep("new/1-0", draft);
    expect(new Drafts("other", "d").get("new/1-0")).toBeNull();
    expect(new Drafts("p", "other").all().size).toBe(0);
  });
  test("is gone once it is empty or forgotten", () => {
    const drafts = new Drafts("p", "d");
    drafts.keep("new/1-0", draft);
    drafts.keep("new/1-0", NOTHING);
    drafts.keep("edit/c", draft);
    drafts.forget("edit/c");
    expect(drafts.all().size).toBe(0);
  });
  test("is erased at sign-out, and those of others are not", () => {
    new Drafts("p", "d").keep("new/1-0", draft);
    new Drafts("p", "e").keep("new/1-0", draft);
    new Drafts("pq", "d").keep("new/1-0", draft);
    localStorage.setItem("rollingtext.language", "ru");
    forgetDrafts("p");
    expect(new Drafts("p", "d").all().size + new Drafts("p", "e").all().size).toBe(0);
    expect(new Drafts("pq", "d").all().size).toBe(1);
    expect(localStorage.getItem("rollingtext.language")).toBe("ru");
  });
  test("that the browser has no room for is said not to be kept", () => {
    const full: Storage = {
      ...localStorage,
      getItem: () => null,
      setItem: () => {
        throw new DOMException("full", "QuotaExceededError");
      },
    };
    expect(new Drafts("p", "d", full).keep("new/1-0", draft)).toBe(false);
  });
});
