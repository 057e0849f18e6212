import { EditorState } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { describe, expect, test, vi } from "vitest";
import type { PageParagraph } from "../../src/editor/interface";
import { Anchors } from "../../src/editor/paragraphView";
import { DEFAULTS, type Kind, paragraph, schema } from "../../src/editor/schema";
import { matching } from "../../src/pages/document/goTo";
import { gutter } from "../../src/pages/document/gutter";
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

describe("the gutter", () => {
  const shown = (view: EditorView) => [...view.dom.children].map((element) => element.getAttribute("data-number"));
  const open = (count: number) =>
    new EditorView(document.createElement("div"), {
      nodeViews: { paragraph: new Anchors().paragraph },
      state: EditorState.create({
        doc: schema.node("doc", null, [
          paragraph({ ...DEFAULTS, kind: "title" }, "Title"),
          ...Array.from({ length: count }, () => paragraph(DEFAULTS, "Words")),
        ]),
        plugins: [gutter()],
      }),
    });

  test("shows the numbers; Enter gives the new paragraph its own at once, and those after it soon", async () => {
    const view = open(100);
    expect(shown(view)).toEqual([null, ...Array.from({ length: 100 }, (_, at) => `${at + 1}`)]);
    view.dispatch(view.state.tr.split(9));
    expect(shown(view).slice(0, 5)).toEqual([null, "1", "2", "2", "3"]);
    await vi.waitFor(() => expect(shown(view)).toEqual([null, ...Array.from({ length: 101 }, (_, at) => `${at + 1}`)]));
    view.destroy();
  });

  test("a number that is no longer one goes, and an element that was made anew gets its number back", async () => {
    const view = open(2);
    view.dispatch(view.state.tr.setNodeMarkup(7, null, { ...DEFAULTS, kind: "heading" }));
    expect(shown(view).slice(0, 2)).toEqual([null, null]);
    view.dom.children[2]?.removeAttribute("data-number");
    view.dispatch(view.state.tr.insertText("x", 9));
    await vi.waitFor(() => expect(shown(view)).toEqual([null, null, "1"]));
    view.destroy();
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
