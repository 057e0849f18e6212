/** W4 on the page: a locked paragraph keeps its text, marks, attributes and id, whatever is done here. */
import { type Command, TextSelection, type Transaction } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { beforeEach, describe, expect, test } from "vitest";
import { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import { setKind, setLabel, toggleMark } from "../../src/editor/commands";
import { createEditor } from "../../src/editor/editor";
import type { Editor } from "../../src/editor/interface";
import { backspace, deleteSelection, forwardDelete } from "../../src/editor/joining";
import { touched } from "../../src/editor/locks";
import { paste } from "../../src/editor/paste";
import { positionOf } from "../../src/editor/units";
import { Random } from "../random";
import { base, OTHERS } from "./client";

const TEXTS = ["Alpha", "Beta", "Gamma", "Delta"];
const FIRST = "1-0";
const BETA = "1-6";
const GAMMA = "1-11";

let doc: Y.Doc;
let editor: Editor;
let refusals: number;

function open(...texts: string[]): void {
  doc = new Y.Doc();
  doc.clientID = 2;
  Y.applyUpdate(doc, base(...texts), OTHERS);
  refusals = 0;
  editor = createEditor({
    mount: document.body.appendChild(document.createElement("div")),
    doc,
    awareness: new Awareness(doc),
    editable: true,
    label: "Text",
    onLocked: () => {
      refusals++;
    },
  });
}
const lock = (...ids: string[]) => editor.setLocks(new Map(ids.map((id) => [id, { status: "agreed" as const }])), null);
const words = () => editor.paragraphs().map(({ id, text }) => `${id.startsWith("1-") ? id : "new"} ${text}`);
const at = (index: number, offset: number) => positionOf(editor.view.state.doc, index) + 1 + offset;

function select(index: number, offset: number, toIndex = index, toOffset = offset): void {
  const { state } = editor.view;
  const selection = TextSelection.create(state.doc, at(index, offset), at(toIndex, toOffset));
  editor.view.dispatch(state.tr.setSelection(selection));
}
const run = (command: Command) => command(editor.view.state, editor.view.dispatch.bind(editor.view), editor.view);
const change = (make: (tr: Transaction) => Transaction) => editor.view.dispatch(make(editor.view.state.tr));

function press(key: string): void {
  const event = new KeyboardEvent("keydown", { key, code: key, bubbles: true, cancelable: true });
  editor.view.someProp("handleKeyDown", (handle) => handle(editor.view, event) || undefined);
}
function pasteText(...lines: string[]): void {
  const { schema } = editor.view.state;
  const nodes = lines.map((line) => schema.node("paragraph", null, schema.text(line)));
  const whole = schema.node("doc", null, nodes);
  const tr = paste(editor.view.state, whole.slice(0, whole.content.size));
  if (tr !== null) editor.view.dispatch(tr);
}

beforeEach(() => open(...TEXTS));

describe("W4: what would change a locked paragraph is not done, and it is said", () => {
  const ways: [string, () => unknown][] = [
    ["typing within", () => change((tr) => tr.insertText("x", at(1, 2)))],
    ["typing at its start", () => change((tr) => tr.insertText("x", at(1, 0)))],
    [
      "typing at its end, as an input method or a spell checker would",
      () => change((tr) => tr.insertText("x", at(1, 4))),
    ],
    ["a spell checker's replacement", () => change((tr) => tr.insertText("Better", at(1, 0), at(1, 4)))],
    ["typing over a selection that reaches in", () => change((tr) => tr.insertText("x", at(0, 2), at(1, 2)))],
    ["deleting in it", () => [select(1, 1, 1, 3), run(deleteSelection)]],
    ["deleting everything", () => [select(0, 0, 3, 5), run(deleteSelection)]],
    ["deleting over its edge", () => [select(1, 3, 2, 1), run(deleteSelection)]],
    ["Backspace at its start", () => [select(1, 0), run(backspace)]],
    ["Backspace at the start of the next one", () => [select(2, 0), run(backspace)]],
    ["Delete at its end", () => [select(1, 4), run(forwardDelete)]],
    ["Delete at the end of the one before", () => [select(0, 5), run(forwardDelete)]],
    ["Enter within it", () => [select(1, 2), press("Enter")]],
    ["pasting words", () => [select(1, 2), pasteText("new")]],
    ["pasting paragraphs", () => [select(1, 4), pasteText("new", "newer")]],
    ["pasting over it", () => [select(0, 1, 2, 1), pasteText("new")]],
    ["bold in it", () => [select(1, 0, 1, 2), run(toggleMark("strong"))]],
    ["bold across it", () => [select(0, 0, 2, 2), run(toggleMark("strong"))]],
    ["another kind", () => [select(1, 1), run(setKind("heading"))]],
    ["a label", () => [select(1, 1), run(setLabel("OP1"))]],
    ["brackets round words of it", () => [select(1, 0, 1, 2), editor.bracket()]],
    ["dragging words out of it", () => change((tr) => tr.delete(at(1, 0), at(1, 2)).insertText("Be", at(2, 1) - 2))],
  ];
  test.each(ways)("%s", (_, act) => {
    lock(BETA);
    const before = doc.getText("text").toDelta();
    act();
    expect(doc.getText("text").toDelta()).toEqual(before);
    expect(doc.getMap("paragraphs").size).toBe(0);
    expect(refusals).toBe(1);
  });

  test("the first paragraph, too: its newline cannot move (T1)", () => {
    lock(FIRST);
    select(0, 0);
    press("Enter");
    expect(words()).toEqual(["1-0 Alpha", "1-6 Beta", "1-11 Gamma", "1-17 Delta"]);
    expect(refusals).toBe(1);
  });
  test("nor does a paragraph before a locked one go, when it is the first (T1)", () => {
    open("", "Beta");
    lock("1-1");
    select(1, 0);
    run(backspace);
    expect(words()).toEqual(["1-0 ", "1-1 Beta"]);
    expect(refusals).toBe(1);
  });
});

describe("what is beside a locked paragraph is free", () => {
  test("Enter at its end opens a paragraph behind it", () => {
    lock(BETA);
    select(1, 4);
    press("Enter");
    change((tr) => tr.insertText("x"));
    expect(words()).toEqual(["1-0 Alpha", "1-6 Beta", "new x", "1-11 Gamma", "1-17 Delta"]);
    expect(refusals).toBe(0);
  });
  test("Enter at its start opens a paragraph before it", () => {
    lock(BETA);
    select(1, 0);
    press("Enter");
    change((tr) => tr.insertText("x"));
    expect(words()).toEqual(["1-0 Alpha", "new x", "1-6 Beta", "1-11 Gamma", "1-17 Delta"]);
  });
  test("and between two that are locked", () => {
    lock(BETA, GAMMA);
    select(2, 0);
    press("Enter");
    expect(words()).toEqual(["1-0 Alpha", "1-6 Beta", "new ", "1-11 Gamma", "1-17 Delta"]);
  });
  test.each([
    ["Delete", forwardDelete, 0, 5],
    ["Backspace", backspace, 1, 0],
  ])("an empty paragraph between two goes: %s", (_, command, index, offset) => {
    open("Alpha", "", "Gamma");
    lock(FIRST, "1-7");
    select(index, offset);
    run(command);
    expect(words()).toEqual(["1-0 Alpha", "1-7 Gamma"]);
  });
  test("whole paragraphs up to it are deleted", () => {
    lock(GAMMA);
    select(1, 0, 2, 0);
    run(deleteSelection);
    expect(words()).toEqual(["1-0 Alpha", "1-11 Gamma", "1-17 Delta"]);
  });
  test("what others do is shown", () => {
    lock(BETA);
    Y.transact(doc, () => doc.getText("text").insert(7, "x"), OTHERS);
    expect(editor.paragraphs()[1]?.text).toBe("xBeta");
    expect(refusals).toBe(0);
  });
  test("once unlocked it is free again", () => {
    lock(BETA);
    lock();
    change((tr) => tr.insertText("x", at(1, 0)));
    expect(editor.paragraphs()[1]?.text).toBe("xBeta");
  });
});

describe("undo and redo drop what reaches into a lock", () => {
  const typed = (index: number, text: string) => {
    select(index, 0);
    change((tr) => tr.insertText(text));
  };
  test.each<[string, () => unknown]>([
    ["typing", () => typed(1, "x")],
    ["deleting", () => [select(1, 0, 1, 2), run(deleteSelection)]],
    ["bold", () => [select(1, 0, 1, 2), run(toggleMark("strong"))]],
    ["a kind", () => [select(1, 0), run(setKind("heading"))]],
    ["joining the next one to it", () => [select(2, 0), run(backspace)]],
    ["pasting over it", () => [select(1, 0, 1, 4), pasteText("Better")]],
  ])("%s", (_, act) => {
    typed(0, "free ");
    act();
    lock(BETA);
    const before = JSON.stringify([doc.getText("text").toDelta(), doc.getMap("paragraphs").toJSON()]);
    editor.undo();
    expect(JSON.stringify([doc.getText("text").toDelta(), doc.getMap("paragraphs").toJSON()])).toBe(before);
    expect(refusals).toBe(1);
    editor.undo();
    expect(editor.paragraphs()[0]?.text).toBe("Alpha");
  });
  test("splitting a paragraph off, which undo would join to it again", () => {
    select(1, 2);
    press("Enter");
    lock(BETA);
    editor.undo();
    expect(words()).toEqual(["1-0 Alpha", "1-6 Be", "new ta", "1-11 Gamma", "1-17 Delta"]);
    expect(refusals).toBe(1);
  });
  test("what lies below a step without effect", () => {
    typed(1, "x");
    typed(0, "y");
    Y.transact(doc, () => doc.getText("text").delete(1, 1), OTHERS);
    lock(BETA);
    editor.undo();
    expect(editor.paragraphs()[1]?.text).toBe("xBeta");
    expect(refusals).toBe(1);
  });
  test("a redo after the lock", () => {
    typed(1, "x");
    editor.undo();
    lock(BETA);
    editor.redo();
    expect(editor.paragraphs()[1]?.text).toBe("Beta");
    expect(refusals).toBe(1);
  });
  test("an undo of what was redone", () => {
    typed(1, "x");
    editor.undo();
    editor.redo();
    lock(BETA);
    editor.undo();
    expect(editor.paragraphs()[1]?.text).toBe("xBeta");
    expect(refusals).toBe(1);
  });
  test("a whole paragraph behind it comes back", () => {
    select(2, 0, 3, 0);
    run(deleteSelection);
    lock(BETA);
    editor.undo();
    expect(editor.paragraphs().map(({ text }) => text)).toEqual(TEXTS);
    expect(refusals).toBe(0);
  });
  test("other paragraphs are undone as ever", () => {
    typed(0, "x");
    lock(BETA);
    editor.undo();
    expect(words()[0]).toBe("1-0 Alpha");
    expect(refusals).toBe(0);
  });
});

describe("how it looks", () => {
  test("an attribute on the paragraph's element tells, and goes with the lock", () => {
    editor.setLocks(new Map([[BETA, { status: "agreed_ad_ref" }]]), GAMMA);
    expect(editor.element(BETA)?.dataset.lock).toBe("agreed_ad_ref");
    expect(editor.element(GAMMA)?.dataset.focus).toBe("");
    expect(editor.view).toBeInstanceOf(EditorView);
    lock();
    expect(editor.element(BETA)?.dataset.lock).toBeUndefined();
  });
});

/** What a locked paragraph must keep. */
function held(id: string): string {
  const delta = doc.getText("text").toDelta() as { insert: string; attributes?: object }[];
  const index = editor.paragraphs().findIndex((each) => each.id === id);
  const runs = delta.flatMap(({ insert, attributes }) => [...insert].map((char) => [char, attributes ?? {}] as const));
  let seen = -1;
  const own = runs.filter(([char]) => {
    if (char === "\n") seen++;
    return seen === index && char !== "\n";
  });
  return JSON.stringify([index >= 0, own, doc.getMap("paragraphs").get(id)]);
}

test.each([1, 2, 3, 4, 5, 6])("W4 under random edits and undos, seed %i", (seed) => {
  const chance = new Random(seed);
  const below = (limit: number) => chance.below(limit);
  open("", "Alpha", "", "Beta", "Gamma", "", "Delta");
  let ids: string[] = [];
  let before: string[] = [];
  for (let round = 0; round < 250; round++) {
    if (round % 25 === 0) {
      const all = editor.paragraphs().map(({ id }) => id);
      ids = all.filter(() => below(3) === 0);
      lock(...ids);
      before = ids.map(held);
    }
    const size = editor.view.state.doc.content.size;
    const [a, b] = [below(size + 1), below(size + 1)];
    const selection = TextSelection.between(editor.view.state.doc.resolve(a), editor.view.state.doc.resolve(b));
    editor.view.dispatch(editor.view.state.tr.setSelection(selection));
    const acts: (() => unknown)[] = [
      () => change((tr) => tr.insertText("x")),
      () => run(deleteSelection),
      () => run(backspace),
      () => run(forwardDelete),
      () => press("Enter"),
      () => pasteText("one", "two"),
      () => run(toggleMark("strong")),
      () => run(setKind("heading")),
      () => editor.bracket(),
      () => editor.undo(),
      () => editor.undo(),
      () => editor.redo(),
      () => change((tr) => tr.delete(Math.min(a, b), Math.max(a, b))),
    ];
    const index = below(acts.length);
    acts[index]?.();
    expect(ids.map(held), `round ${round}, act ${index}`).toEqual(before);
  }
});

describe("what a range reaches into (W4)", () => {
  const text = document.createElement("div");
  text.innerHTML = "<p>one<b>two</b></p><p>three</p><p></p><p>four</p>";
  const places: (readonly [Node, number])[] = [];
  for (const node of [text, ...text.querySelectorAll("*")]) {
    for (let at = 0; at <= node.childNodes.length; at++) places.push([node, at]);
    for (const child of node.childNodes) if (child instanceof Text) places.push([child, 0], [child, child.length]);
  }

  test("is what the browser says of every paragraph", () => {
    let seen = 0;
    for (const [i, start] of places.entries())
      for (const end of places.slice(i)) {
        const range = document.createRange();
        range.setStart(...start);
        range.setEnd(...end);
        if (range.startContainer !== start[0] || range.startOffset !== start[1]) continue; // it was after the end
        const said = [...text.children].filter((child) => range.intersectsNode(child));
        expect(touched(text, range)).toEqual(said);
        seen++;
      }
    expect(seen).toBeGreaterThan(100);
  });
});
