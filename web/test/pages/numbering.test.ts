import { describe, expect, test } from "vitest";
import type { PageParagraph } from "../../src/editor/interface";
import type { Kind } from "../../src/editor/schema";
import { matching } from "../../src/pages/document/goTo";
import { numbered } from "../../src/pages/document/numbering";

type Line = [kind: Kind, level?: number, label?: string, text?: string];

function paragraphs(...lines: Line[]): PageParagraph[] {
  return lines.map(([kind, level = 1, label = "", text = ""], index) => ({
    id: `7-${index}`,
    index,
    kind,
    level,
    label: label || null,
    text,
  }));
}

const names = (...lines: Line[]) => {
  const all = paragraphs(...lines);
  const found = numbered(all);
  return all.map(({ id }) => found.get(id));
};

describe("what a paragraph is called (T1: without a label it is numbered by its kind)", () => {
  test("each kind has its own count; titles and headings have none", () => {
    expect(names(["title"], ["preamble"], ["preamble"], ["heading"], ["operative"], ["body"], ["operative"])).toEqual([
      undefined,
      "PP1",
      "PP2",
      undefined,
      "OP1",
      "1",
      "OP2",
    ]);
  });

  test("a label stands for itself and is not counted", () => {
    expect(names(["operative"], ["operative", 1, "OP1 bis"], ["operative"])).toEqual(["OP1", "OP1 bis", "OP2"]);
  });

  test("items begin anew after another paragraph, and below each item of a higher level", () => {
    expect(names(["operative"], ["item"], ["item", 2], ["item", 2], ["item"], ["item", 2], ["body"], ["item"])).toEqual(
      ["OP1", "(a)", "(i)", "(ii)", "(b)", "(i)", "1", "(a)"],
    );
  });

  test("after (z) comes (aa)", () => {
    expect(names(...Array.from({ length: 28 }, (): Line => ["item"])).slice(-3)).toEqual(["(z)", "(aa)", "(ab)"]);
  });
});

describe("going to a paragraph", () => {
  const text = paragraphs(
    ["operative", 1, "", "Decides to establish a network"],
    ["operative", 1, "OP1 bis", "Invites universities"],
    ["operative", 1, "", "Requests the Secretariat, in line with OP1"],
  );
  const found = (wanted: string) => matching(text, numbered(text), wanted).map(({ index }) => index);

  test("the number that is meant comes first, however it is spelt", () => {
    expect(found("op 1")).toEqual([0, 1, 2]);
    expect(found("OP1BIS")).toEqual([1]);
  });
  test("words are found wherever they stand", () => expect(found("secretariat")).toEqual([2]));
  test("nothing is found by nothing", () => expect(found("  ")).toEqual([]));
});
