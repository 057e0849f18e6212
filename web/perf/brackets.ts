/** Costs of brackets in a real browser, in milliseconds; style and layout included. Run by `run.mjs`. */
import { signal } from "@preact/signals";
import { h, render } from "preact";
import { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import { Register } from "../src/brackets";
import { createEditor } from "../src/editor/editor";
import type { Brackets } from "../src/pages/document/brackets/brackets";
import type { Issue } from "../src/pages/document/brackets/issues";
import { Matrix } from "../src/pages/document/brackets/matrix";
import { Shading } from "../src/pages/document/brackets/shading";
import type { Live } from "../src/pages/document/live";
import { cost, type Spread, spread } from "./costs";

const SENTENCE =
  "The Members [shall][should] endeavour[, where appropriate,] to widen [their ties] [KAZ, IND: by 2030] ";
const FILLING = "in accordance with national legislation ";
const ROUNDS = 200;
const STEPS = 60;

/** 120 kB with 1,000 pairs. */
function contested(): Y.Doc {
  const doc = new Y.Doc();
  const paragraph = `\n${(SENTENCE + FILLING.repeat(20)).slice(0, 599)}`;
  doc.getText("text").insert(0, paragraph.repeat(200), {});
  return doc;
}

interface Typing {
  readonly letter: Spread;
  readonly bracket: Spread;
  /** A letter from somebody else. */
  readonly remote: Spread;
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function typing(shaded: boolean): Promise<Typing> {
  const doc = contested();
  const register = new Register([
    ["KAZ", "Kazakhstan"],
    ["IND", "India"],
  ]);
  const shading = new Shading({ register, mine: "KAZ", onLint: () => undefined });
  const mount = document.getElementById("page") as HTMLElement;
  const plugins = shaded ? [shading.plugin()] : [];
  const awareness = new Awareness(doc);
  const editor = createEditor({ mount, doc, awareness, editable: true, label: "Text", plugins });
  editor.goTo(editor.paragraphs()[100]?.id ?? "");
  const rounds = async (act: (round: number) => void) => {
    const costs: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      costs.push(cost(() => act(round)));
      await pause(2);
    }
    return spread(costs);
  };
  const type = (words: string) => editor.view.dispatch(editor.view.state.tr.insertText(words));
  const theirs = new Y.Doc();
  Y.applyUpdate(theirs, Y.encodeStateAsUpdate(doc));
  let update: Uint8Array = new Uint8Array();
  theirs.on("update", (bytes: Uint8Array) => {
    update = bytes;
  });
  const letter = await rounds(() => type("y"));
  const bracket = await rounds((round) => type(round % 2 === 0 ? "[" : "]"));
  const remote: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    theirs.getText("text").insert(2 + Math.floor(Math.random() * 119_000), "x", {});
    remote.push(cost(() => Y.applyUpdate(doc, update, "remote")));
    await pause(2);
  }
  editor.destroy();
  awareness.destroy();
  return { letter, bracket, remote: spread(remote) };
}

interface Table {
  readonly open: number;
  /** A step of three rows: what it takes to draw and to lay out. */
  readonly scroll: Spread;
}

const STANCES = ["support", "oppose", "can_accept", "prefer", "reserve", "awaiting"] as const;

async function table(rows: number, columns: number): Promise<Table> {
  const delegations = Array.from({ length: columns }, (_, index) => {
    const code = `A${String.fromCharCode(65 + (index % 26))}${Math.floor(index / 26)}`;
    return { code, name: `Delegation of ${code}`, kind: "member" as const };
  });
  const positionsOf = (row: number) =>
    Object.fromEntries(
      delegations.flatMap(({ code }, column) => {
        const stance = STANCES[(row + column * 5) % 9];
        const said = { stance, note: null, at: "2026-11-26T01:00:00Z", by: null, on_behalf: false };
        return stance === undefined ? [] : [[code, said]];
      }),
    ) as Issue["positions"];
  const issues = Array.from({ length: rows }, (_, index): Issue => {
    const text = `[endeavour to widen, where appropriate, ${index}]`;
    const [key, id] = [`1-${index - (index % 2)}`, `1-${index}`];
    const shape = { kind: "alternative", depth: 1, members: 2, runClass: "alternatives" } as const;
    return { ...shape, id, index, paragraph: `1-${index}`, text, key, attribution: [], positions: positionsOf(index) };
  });
  const live = { delegations, paragraphs: signal([]), nameOf: (code: string) => code } as unknown as Live;
  const brackets = { issues: signal(issues), mine: "AA0" } as unknown as Brackets;
  const mount = document.createElement("div");
  document.body.append(mount);
  const open = await opened(() => render(h(Matrix, { live, brackets, onClose: () => undefined }), mount));
  const scroller = document.querySelector(".matrix-scroll") as HTMLElement;
  const steps: number[] = [];
  for (let step = 1; step <= STEPS; step++) {
    const before = performance.now();
    scroller.scrollTop = (scroller.scrollHeight * step) / STEPS;
    scroller.dispatchEvent(new Event("scroll"));
    await pause(0); // Preact draws at the end of the task
    scroller.getBoundingClientRect();
    steps.push(performance.now() - before);
    await new Promise(requestAnimationFrame);
  }
  render(null, mount);
  return { open: Math.round(open), scroll: spread(steps) };
}

/** Until it has been laid out. */
async function opened(act: () => void): Promise<number> {
  const start = performance.now();
  act();
  while (document.querySelector(".matrix tbody tr") === null) await pause(0);
  document.body.getBoundingClientRect();
  return performance.now() - start;
}

async function measureBrackets() {
  return { plain: await typing(false), shaded: await typing(true), table: await table(200, 28) };
}

declare global {
  interface Window {
    measureBrackets: typeof measureBrackets;
  }
}
window.measureBrackets = measureBrackets;
