/** From a refusal to a fresh document: what was not taken, where it goes, and what can only be kept for its author. */
import type * as Y from "yjs";
import type { Reason, Refused } from "./messages";
import { randomName } from "./names";
import {
  insertions,
  type Ranges,
  type Run,
  runText,
  strandedWords,
  type Twin,
  untaken,
  writeAttributes,
  writeDeletions,
  writeRuns,
} from "./salvage";
import type { TrayItem } from "./tray";

/** Refusals that would be repeated: the words go to the tray. All others are put back as new edits. */
const LASTING: ReadonlySet<Reason> = new Set(["locked", "read_only", "frozen", "malformed", "too_large", "schema"]);
export const isLasting = (reason: Reason): boolean => LASTING.has(reason);

export const trayItem = (text: string, paragraph: string | null, reason: Reason): TrayItem => ({
  id: randomName(),
  text,
  paragraph,
  reason,
  at: new Date(),
});

/** What a refusal brings back, for the tray. */
export function returned({ text, paragraphs, reason }: Refused): TrayItem[] {
  const paired = text.length === paragraphs.length;
  return text
    .map((words, i) => trayItem(words.trim(), (paired ? paragraphs[i] : paragraphs[0]) ?? null, reason))
    .filter((item) => item.text !== "");
}

/** What a document that is dropped leaves behind. */
export interface Legacy {
  readonly old: Y.Doc;
  readonly fresh: Y.Doc;
  /** Edits that are not acknowledged. */
  readonly waiting: readonly Uint8Array[];
  /** Those of them that a lasting refusal has settled. */
  readonly settled: ReadonlySet<Uint8Array>;
}

export interface Carried {
  /** The edits that put back what could be. */
  readonly updates: readonly Uint8Array[];
  readonly twins: readonly Twin[];
  readonly tray: readonly TrayItem[];
}

/** Origin of what is written by carrying over. */
const CARRY = "carry";

function runsOf({ old, fresh, settled }: Legacy): [Run[], Ranges] {
  const ranges = insertions([...settled]);
  return [untaken(old, fresh, ranges), ranges];
}

const stranded = (old: Y.Doc): TrayItem[] => {
  const text = strandedWords(old);
  return text === "" ? [] : [trayItem(text, null, "gap")];
};

/** Puts back, as ordinary edits of the fresh document, what the server has not taken. */
export function carryOver(legacy: Legacy): Carried {
  const { old, fresh, waiting, settled } = legacy;
  const [runs, ranges] = runsOf(legacy);
  const updates: Uint8Array[] = [];
  const collect = (update: Uint8Array) => updates.push(update);
  let twins: Twin[] = [];
  fresh.on("update", collect);
  fresh.transact(() => {
    twins = writeRuns(old, fresh, runs);
    writeAttributes(old, fresh, ranges);
    writeDeletions(
      fresh,
      waiting.filter((update) => !settled.has(update)),
    );
  }, CARRY);
  fresh.off("update", collect);
  return { updates, twins, tray: stranded(old) };
}

/** Gives up putting back: all words go to the tray. */
export function setAside(legacy: Legacy): Carried {
  const [runs] = runsOf(legacy);
  const items = runs
    .map((run) => ({ text: runText(run).trim(), paragraph: run.paragraph }))
    .filter(({ text }) => text !== "")
    .map(({ text, paragraph }) => trayItem(text, paragraph, "gap"));
  return { updates: [], twins: [], tray: [...items, ...stranded(legacy.old)] };
}
