/** Costs of the editor in a real browser, in milliseconds; style and layout included. Run by `run.mjs`. */
import { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import { createEditor } from "../src/editor/editor";
import { gutter } from "../src/pages/document/gutter";
import "../src/style/index.css";
import { cost, type Spread, spread } from "./costs";
import "./brackets";

const WORDS = "[shall][should] cooperate in the field of education, science and technology, [including culture,] and ";
const KINDS = ["preamble", "operative", "item", "item", "body", "heading"];
const ROUNDS = 200;
/** Enter is pressed less often, and at a typist's pace: what is left for later is done between two of them. */
const SPLITS = 40;
const TYPING = 120;

interface Figures {
  readonly paragraphs: number;
  readonly history: number;
  readonly open: number;
  readonly local: Spread;
  readonly remote: Spread;
  readonly remoteSplit: Spread;
  readonly localSplit: Spread;
  readonly localWithCarets: Spread;
}
function documentOf(paragraphs: number): Y.Doc {
  const doc = new Y.Doc();
  doc.clientID = 1;
  const text = doc.getText("text");
  const map = doc.getMap("paragraphs");
  doc.transact(() => {
    for (let i = 0; i < paragraphs; i++) {
      map.set(`1-${text.length + i}`, { kind: KINDS[i % KINDS.length] });
      text.insert(text.length, `\nParagraph ${i} ${WORDS.repeat(1 + (i % 3))}`, {});
    }
  });
  return doc;
}

/** Lets the browser paint and collect between two rounds, as between two keystrokes. */
const breathe = (milliseconds = 2) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function rounds(act: (round: number) => void, count = ROUNDS, pause?: number): Promise<Spread> {
  const costs: number[] = [];
  for (let round = 0; round < count; round++) {
    costs.push(cost(() => act(round)));
    await breathe(pause);
  }
  return spread(costs);
}

/** Scattered edits of one character each, half of them deletions: the worst a history can do. */
function age(doc: Y.Doc, edits: number): void {
  const text = doc.getText("text");
  doc.transact(() => {
    for (let i = 0; i < edits; i++) {
      const at = 2 + Math.floor(Math.random() * (text.length - 4));
      if (i % 2 === 0) text.insert(at, "x", {});
      else text.delete(at, 1);
    }
  });
}

async function measure(paragraphs: number, history = 0): Promise<Figures> {
  const mount = document.getElementById("page") as HTMLElement;
  const theirs = documentOf(paragraphs);
  age(theirs, history);
  const doc = new Y.Doc();
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(theirs));
  const awareness = new Awareness(doc);
  let editor!: ReturnType<typeof createEditor>;
  const open = cost(() => {
    editor = createEditor({ mount, doc, awareness, editable: true, label: "Text", plugins: [gutter()] });
  });
  let update: Uint8Array = new Uint8Array();
  theirs.on("update", (bytes: Uint8Array) => {
    update = bytes;
  });
  const text = theirs.getText("text");
  const anywhere = () => 2 + Math.floor(Math.random() * (text.length - 4));
  const heard = (change: () => void) => {
    change();
    return () => Y.applyUpdate(doc, update, "remote");
  };
  const type = () => editor.view.dispatch(editor.view.state.tr.insertText("y"));
  editor.goTo(editor.paragraphs()[Math.floor(paragraphs / 2)]?.id ?? "");
  await breathe();
  const local = await rounds(type);
  const split = () => editor.view.dispatch(editor.view.state.tr.split(editor.view.state.selection.head));
  const localSplit = await rounds(split, SPLITS, TYPING);
  const remote = await remoteRounds(() => heard(() => text.insert(anywhere(), "x", {})));
  const remoteSplit = await remoteRounds(() => heard(() => text.insert(anywhere(), "\n", {})));
  placeCarets(awareness, doc.getText("text"), 28);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const localWithCarets = await rounds(type);
  editor.destroy();
  awareness.destroy();
  return { paragraphs, history, open: Math.round(open), local, localSplit, remote, remoteSplit, localWithCarets };
}

/** The other's own work is not counted. */
async function remoteRounds(prepare: () => () => void): Promise<Spread> {
  const costs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    costs.push(cost(prepare()));
    await breathe();
  }
  return spread(costs);
}

function placeCarets(awareness: Awareness, text: Y.Text, count: number): void {
  for (let i = 0; i < count; i++) {
    const at = Y.relativePositionToJSON(
      Y.createRelativePositionFromTypeIndex(text, Math.floor((text.length * (i + 0.5)) / count), -1),
    );
    awareness.states.set(1000 + i, { user: { name: `D${i}`, delegation: `D${i}` }, cursor: { anchor: at, head: at } });
  }
  const added = Array.from({ length: count }, (_, i) => 1000 + i);
  awareness.emit("change", [{ added, updated: [], removed: [] }, "remote"]);
}

declare global {
  interface Window {
    measure: typeof measure;
  }
}
window.measure = measure;
