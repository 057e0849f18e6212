// @vitest-environment node
import { TextSelection } from "prosemirror-state";
import { beforeEach, describe, expect, test } from "vitest";
import { MARKS, markOf } from "../../src/editor/schema";
import { base, Client, settle } from "./client";

let here: Client;
let there: Client;

beforeEach(() => {
  const text = base("Alpha", "Beta", "Gamma");
  here = new Client(2, text);
  there = new Client(3, text);
});

/** Puts the caret, or a selection, by flat offsets: 1 is the start of "Alpha", 7 that of "Beta", 12 that of "Gamma". */
const position = (flat: number) => flat + [6, 11].filter((newline) => flat > newline).length;
function select(client: Client, anchor: number, head = anchor): void {
  const { doc, tr } = client.state;
  client.dispatch(tr.setSelection(TextSelection.create(doc, position(anchor), position(head))));
}
const type = (client: Client, text: string) => client.dispatch(client.state.tr.insertText(text));
/** What stands left and right of the caret in its paragraph. */
function around({ state }: Client): string {
  const { $head } = state.selection;
  const text = $head.parent.textContent;
  return `${text.slice(0, $head.parentOffset)}|${text.slice($head.parentOffset)}`;
}
function selected({ state }: Client): string {
  const { from, to } = state.selection;
  return state.doc.textBetween(from, to, "¶");
}

describe("the caret, while others write", () => {
  test.each([
    ["before it", 2, "Axlp|ha"],
    ["behind it", 5, "Alp|hxa"],
    ["in the paragraph above", 1, "xAlp|ha"],
  ])("stays with its characters: %s", (_, at, expected) => {
    select(here, 4);
    select(there, at);
    type(there, "x");
    settle(here, there);
    expect(around(here)).toBe(expected);
  });

  test("is not dragged along by what is written at the very same place, and two who write there do not mix", () => {
    select(here, 4);
    select(there, 4);
    for (const char of "123") {
      type(here, char);
      type(
        there,
        char.replace(/./, (digit) => "abc"[Number(digit) - 1] as string),
      );
      settle(here, there);
    }
    expect(["Alp123|abcha", "Alpabc123|ha"]).toContain(around(here));
    expect(["Alpabc|123ha", "Alp123abc|ha"]).toContain(around(there));
    expect(here.text).toBe(there.text);
  });

  test("stays in its paragraph when another is put before, behind, or split off", () => {
    select(here, 7);
    there.dispatch(
      there.state.tr.insert(0, there.state.schema.node("paragraph", null, there.state.schema.text("New"))),
    );
    settle(here, there);
    expect(around(here)).toBe("|Beta");
    there.dispatch(there.state.tr.split(there.state.doc.content.size - 3));
    settle(here, there);
    expect(around(here)).toBe("|Beta");
  });

  test("survives the deletion of its paragraph, at the end of the one before", () => {
    select(here, 8);
    there.dispatch(there.state.tr.delete(7, 13));
    settle(here, there);
    expect(around(here)).toBe("Alpha|");
    type(here, "!");
    settle(here, there);
    expect(there.text).toBe("\nAlpha!\nGamma");
  });

  test("a selection does not grow by what is written at its edges", () => {
    select(here, 2, 5);
    for (const at of [2, 6]) {
      select(there, at);
      type(there, "x");
      settle(here, there);
    }
    expect(selected(here)).toBe("lph");
    expect(here.text).toContain("Axlphxa");
  });

  test.each(MARKS)("the mark %s that was switched on for the next character stays on", (name) => {
    select(here, 4);
    here.dispatch(here.state.tr.addStoredMark(markOf(name)));
    select(there, 1);
    type(there, "x");
    there.dispatch(there.state.tr.setNodeAttribute(0, "kind", "heading"));
    settle(here, there);
    type(here, "!");
    settle(here, there);
    expect(there.binding.text.toDelta()).toContainEqual({ insert: "!", attributes: { [name]: true } });
  });
});
