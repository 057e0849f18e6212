import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import { createEditor } from "../../src/editor/editor";
import type { Editing, Editor, EditorOptions } from "../../src/editor/interface";
import { base, OTHERS } from "./client";

let editor: Editor;
let doc: Y.Doc;
let awareness: Awareness;

function open(options: Partial<EditorOptions> = {}, ...paragraphs: string[]): void {
  doc = new Y.Doc();
  doc.clientID = 7;
  Y.applyUpdate(doc, base(...paragraphs), OTHERS);
  awareness = new Awareness(doc);
  const mount = document.createElement("div");
  document.body.append(mount);
  editor = createEditor({ mount, doc, awareness, editable: true, label: "Text", ...options });
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  editor.destroy();
  awareness.destroy();
  document.body.replaceChildren();
  vi.useRealTimers();
});

const text = () => doc.getText("text");
const shown = () => [...editor.view.dom.children].map((element) => element.textContent);
const anchors = () => [...editor.view.dom.children].map((element) => element.id);

/** Somebody else's document, which sends at once. */
function other(): Y.Doc {
  const theirs = new Y.Doc();
  theirs.clientID = 8;
  Y.applyUpdate(theirs, Y.encodeStateAsUpdate(doc));
  theirs.on("update", (update: Uint8Array) => Y.applyUpdate(doc, update, OTHERS));
  return theirs;
}

describe("the page", () => {
  test("T2: each paragraph's element carries its id, through splits from near and far", () => {
    open({}, "Alpha", "Beta", "Gamma");
    expect(anchors()).toEqual(["p-1-0", "p-1-6", "p-1-11"]);
    editor.view.dispatch(editor.view.state.tr.split(3));
    expect(anchors()).toEqual(["p-1-0", "p-7-0", "p-1-6", "p-1-11"]);
    other().getText("text").insert(7, "\n", {});
    expect(anchors()).toEqual(["p-1-0", "p-7-0", "p-8-0", "p-1-6", "p-1-11"]);
    expect(editor.element("1-6")?.textContent).toBe("Beta");
  });

  test("kinds, levels and labels stand in the DOM, and headings are headings", () => {
    open({}, "Alpha", "Beta");
    other().getMap("paragraphs").set("1-6", { kind: "heading", level: 2, label: "II" });
    const element = editor.element("1-6");
    expect(element?.dataset).toMatchObject({ kind: "heading", level: "2", label: "II" });
    expect(element?.getAttribute("aria-level")).toBe("4");
    expect(element?.dir).toBe("auto");
  });

  test("an element lives as long as its paragraph, whatever becomes of its kind", () => {
    open({}, "Alpha", "Beta");
    const element = editor.element("1-6");
    editor.goTo("1-6");
    editor.setKind("operative");
    expect(editor.element("1-6")).toBe(element);
    expect(doc.getMap("paragraphs").get("1-6")).toEqual({ kind: "operative" });
    editor.setKind("body");
    expect(doc.getMap("paragraphs").get("1-6")).toEqual({});
  });

  test("read only: nothing local is written, no caret is told, and what others write is shown", () => {
    const onCaret = vi.fn();
    open({ editable: false, onCaret }, "Alpha");
    editor.view.dispatch(editor.view.state.tr.insertText("x", 1));
    editor.setKind("title");
    expect(text().toString()).toBe("\nAlpha");
    other().getText("text").insert(6, "!", {});
    expect(shown()).toEqual(["Alpha!"]);
    vi.advanceTimersByTime(1000);
    expect(awareness.getLocalState()?.cursor ?? null).toBeNull();
    expect(onCaret).not.toHaveBeenCalled();
    expect(editor.view.dom.getAttribute("contenteditable")).toBe("false");
  });

  test("a rebuilt document takes the place of the old one, and the caret stays in its paragraph", () => {
    open({}, "Alpha", "Beta", "Gamma");
    editor.goTo("1-6");
    editor.view.dispatch(editor.view.state.tr.insertText("lost"));
    const fresh = new Y.Doc();
    fresh.clientID = 9;
    Y.applyUpdate(fresh, base("Alpha", "Beta", "Gamma"), OTHERS);
    fresh.getText("text").insert(1, "New\n", {});
    editor.rebind(fresh, new Awareness(fresh));
    expect(shown()).toEqual(["New", "Alpha", "Beta", "Gamma"]);
    editor.view.dispatch(editor.view.state.tr.insertText("!"));
    expect(fresh.getText("text").toString()).toContain("\nBeta!");
    expect(text().toString()).toContain("lostBeta");
  });
});

describe("others' carets (W6)", () => {
  /** Puts another's caret at a flat offset. */
  function place(client: number, offset: number, user: object): void {
    const at = Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(text(), offset, -1));
    awareness.states.set(client, { user, cursor: { anchor: at, head: at } });
    awareness.emit("change", [{ added: [client], updated: [], removed: [] }, "remote"]);
    vi.advanceTimersByTime(20);
  }
  const kazakhstan = { id: "a", name: "A. Sadykov", delegation: "KAZ", role: "delegate" };

  test("carry the delegation's name, hidden from screen readers, and go when their owner goes", () => {
    open({ show: ({ delegation }) => ({ label: `${delegation}!`, className: "hue-3" }) }, "Alpha");
    place(9, 3, kazakhstan);
    const caret = editor.view.dom.querySelector(".caret");
    expect(caret?.textContent).toBe("KAZ!");
    expect(caret?.className).toContain("hue-3");
    expect(caret?.getAttribute("aria-hidden")).toBe("true");
    awareness.states.delete(9);
    awareness.emit("change", [{ added: [], updated: [], removed: [9] }, "remote"]);
    vi.advanceTimersByTime(20);
    expect(editor.view.dom.querySelector(".caret")).toBeNull();
  });

  test("stand where their owner's next characters come, and say who is editing until they rest", () => {
    const onEditing = vi.fn<(editing: ReadonlyMap<string, readonly Editing[]>) => void>();
    open({ onEditing }, "Alpha", "Beta");
    place(9, 3, kazakhstan);
    expect([...(onEditing.mock.lastCall?.[0] ?? [])]).toEqual([["1-0", [{ name: "A. Sadykov", delegation: "KAZ" }]]]);
    other().getText("text").insert(3, "xy", {});
    const caret = editor.view.dom.querySelector(".caret") as Element;
    expect(caret.previousSibling?.textContent).toBe("Alxy");
    vi.advanceTimersByTime(30_000);
    expect([...(onEditing.mock.lastCall?.[0] ?? [])]).toEqual([]);
  });

  test("a state without the server's names, or with nonsense for a cursor, shows nothing", () => {
    open({}, "Alpha");
    place(9, 3, { name: 5 });
    awareness.states.set(10, { user: kazakhstan, cursor: { anchor: null, head: 3 } });
    awareness.states.set(11, { user: kazakhstan, cursor: { anchor: { item: "x" }, head: {} } });
    const strange = { item: { client: 1, clock: -1 } };
    awareness.states.set(12, { user: kazakhstan, cursor: { anchor: strange, head: strange } });
    awareness.emit("change", [{ added: [10, 11, 12], updated: [], removed: [] }, "remote"]);
    vi.advanceTimersByTime(20);
    expect(editor.view.dom.querySelector(".caret")).toBeNull();
  });

  test("one's own caret is told while it has the focus, by the character on its left", () => {
    open({}, "Alpha");
    editor.goTo("1-0");
    editor.view.dispatch(editor.view.state.tr.insertText("z"));
    vi.advanceTimersByTime(200);
    const cursor = awareness.getLocalState()?.cursor;
    expect(cursor?.head).toMatchObject({ item: { client: 7, clock: 0 }, assoc: -1 });
    editor.view.dom.blur();
    vi.advanceTimersByTime(200);
    expect(awareness.getLocalState()?.cursor).toBeNull();
  });
});

describe("input methods", () => {
  const fire = (type: string) =>
    editor.view.dom.dispatchEvent(new CompositionEvent(type, { bubbles: true, data: "か" }));

  test("say when they compose, and that they are done only after their text was read", () => {
    const onComposing = vi.fn();
    open({ onComposing }, "Alpha");
    fire("compositionstart");
    expect(onComposing.mock.calls).toEqual([[true]]);
    fire("compositionupdate");
    vi.advanceTimersByTime(5_000);
    fire("compositionend");
    expect(onComposing.mock.calls).toEqual([[true]]);
    vi.advanceTimersByTime(200);
    expect(onComposing.mock.calls).toEqual([[true], [false]]);
  });

  test("that rest in the middle of a word are ended, so that others' words come through", () => {
    const onComposing = vi.fn();
    open({ onComposing }, "Alpha");
    editor.focus();
    editor.view.dom.addEventListener("blur", () => fire("compositionend"));
    fire("compositionstart");
    vi.advanceTimersByTime(11_000);
    expect(onComposing.mock.calls).toEqual([[true], [false]]);
  });
});
