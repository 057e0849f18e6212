// @vitest-environment node
import { TextSelection } from "prosemirror-state";
import { beforeEach, describe, expect, test } from "vitest";
import { setKind } from "../../src/editor/commands";
import { backspace, enter } from "../../src/editor/joining";
import { base, Client, settle } from "./client";

let here: Client;
let there: Client;

beforeEach(() => {
  const text = base("Alpha", "Beta", "Gamma");
  here = new Client(2, text, 500);
  there = new Client(3, text, 500);
});

const caret = (client: Client, at: number) =>
  client.dispatch(client.state.tr.setSelection(TextSelection.create(client.state.doc, at)));
function type(client: Client, at: number, text: string): void {
  caret(client, at);
  for (const char of text) client.dispatch(client.state.tr.insertText(char));
}
const kinds = ({ state }: Client) => {
  const out: string[] = [];
  for (let i = 0; i < state.doc.childCount; i++) out.push(state.doc.child(i).attrs.kind);
  return out;
};

describe("undo", () => {
  test("takes back one's own words and nobody else's", () => {
    type(here, 6, " one");
    type(there, 12, " two");
    settle(here, there);
    here.undo.undo();
    settle(here, there);
    expect(there.text).toBe("\nAlpha\nBeta two\nGamma");
    expect(here.undo.undo()).toBe(false);
    here.undo.redo();
    expect(here.text).toBe("\nAlpha one\nBeta two\nGamma");
  });

  test("goes no further than the paragraph: typing in two of them is two steps", () => {
    type(here, 6, "!");
    type(here, 12, "?");
    here.undo.undo();
    expect(here.text).toBe("\nAlpha!\nBeta\nGamma");
    here.undo.undo();
    expect(here.text).toBe("\nAlpha\nBeta\nGamma");
  });

  test("puts the caret back to where the undone change was made, whatever came in between", () => {
    type(here, 3, "xy");
    type(there, 1, "far ");
    settle(here, there);
    caret(here, here.state.doc.content.size - 1);
    here.undo.undo();
    const { $head } = here.state.selection;
    expect($head.parent.textContent.slice(0, $head.parentOffset)).toBe("far Al");
  });

  test("a paragraph that comes back has its kind and label again, for everybody, and redo takes it away", () => {
    here = new Client(4, base("Alpha", "Beta", "Gamma"), 0);
    caret(here, 9);
    here.run(setKind("operative"));
    here.dispatch(here.state.tr.setNodeAttribute(7, "label", "OP3 bis"));
    settle(here, there);
    here.dispatch(here.state.tr.delete(7, 13));
    settle(here, there);
    expect(there.text).toBe("\nAlpha\nGamma");
    here.undo.undo();
    settle(here, there);
    expect(kinds(there)).toEqual(["body", "operative", "body"]);
    expect(there.state.doc.child(1).attrs).toEqual({ kind: "operative", level: 1, label: "OP3 bis" });
    expect(there.state.doc.child(1).textContent).toBe("Beta");
    here.undo.redo();
    settle(here, there);
    expect(there.text).toBe("\nAlpha\nGamma");
    here.undo.undo();
    settle(here, there);
    expect(kinds(there)).toEqual(["body", "operative", "body"]);
    expect(here.mismatches + there.mismatches + here.binding.repairs).toBe(0);
  });

  test("T2: undoing a join brings the paragraph back, with its attributes", () => {
    here = new Client(4, base("Alpha", "Beta", "Gamma"), 0);
    caret(here, 9);
    here.run(setKind("heading"));
    caret(here, 8);
    here.run(backspace);
    expect(here.text).toBe("\nAlphaBeta\nGamma");
    here.undo.undo();
    settle(here, there);
    expect(there.text).toBe("\nAlpha\nBeta\nGamma");
    expect(kinds(there)).toEqual(["body", "heading", "body"]);
  });

  test("what another wrote into a paragraph that one's undo takes away stays", () => {
    caret(here, 6);
    here.run(enter);
    type(here, 8, "Mine");
    settle(here, there);
    type(there, 12, " and theirs");
    settle(here, there);
    here.undo.undo();
    here.undo.undo();
    settle(here, there);
    expect(there.text).toContain(" and theirs");
    expect(there.text).not.toContain("Mine");
  });

  test("of a kind leaves a kind that another has set since", () => {
    caret(here, 1);
    here.run(setKind("heading"));
    settle(here, there);
    caret(there, 1);
    there.run(setKind("title"));
    settle(here, there);
    here.undo.undo();
    settle(here, there);
    expect(kinds(there)[0]).toBe("title");
  });
});
