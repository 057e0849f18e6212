/**
 * Carries over what the server has not taken from a dropped document to a fresh one, as ordinary edits.
 *
 * Places are found by the ids of characters, which are the same in both: a run of words goes behind the character on
 * whose right it stood. What the server has is known from the fresh document alone.
 */
import * as Y from "yjs";

type Format = Readonly<Record<string, unknown>>;
type Id = { readonly client: number; readonly clock: number };

interface Piece {
  readonly text: string;
  readonly format: Format;
  /** Of its first character, in the old document. */
  readonly id: Id;
}
/** Words that stood together, behind a character that the server knows. */
export interface Run {
  readonly behind: Id | null;
  /** Id of the paragraph that it stood in or, when that is not taken either, of the one before. */
  readonly paragraph: string | null;
  readonly pieces: readonly Piece[];
}

/** Ranges of clocks per client. */
export type Ranges = ReadonlyMap<number, readonly (readonly [from: number, to: number])[]>;

const NONE: Ranges = new Map();
const textOf = (doc: Y.Doc) => doc.getText("text");
const mapOf = (doc: Y.Doc) => doc.getMap("paragraphs");
const first = (text: Y.Text) => (text as unknown as { _start: Y.Item | null })._start;
const inside = (ranges: Ranges, client: number, clock: number) =>
  ranges.get(client)?.some(([from, to]) => clock >= from && clock < to) ?? false;

/** The clocks that these updates fill. */
export function insertions(updates: readonly Uint8Array[]): Ranges {
  const out = new Map<number, [number, number][]>();
  for (const update of updates)
    for (const { id, length } of Y.decodeUpdate(update).structs) {
      const ranges = out.get(id.client) ?? [];
      ranges.push([id.clock, id.clock + length]);
      out.set(id.client, ranges);
    }
  return out;
}

type Structs = ReturnType<typeof Y.decodeUpdate>["structs"];
const words = (structs: Structs): string =>
  structs
    .map((struct) => (struct instanceof Y.Item && struct.content instanceof Y.ContentString ? struct.content.str : ""))
    .join("")
    .trim();

/** The words that these updates bring, in the order in which they were written. */
export const wordsOf = (updates: readonly Uint8Array[]): string =>
  words(updates.flatMap((update) => Y.decodeUpdate(update).structs));

/** The words of updates that build on something which never came, and so are not in the document's text. */
export function strandedWords({ store }: Y.Doc): string {
  return store.pendingStructs === null ? "" : words(Y.decodeUpdateV2(store.pendingStructs.update).structs);
}

/** Runs of the old text that the fresh document does not know, but for those that are `settled` otherwise. */
export function untaken(old: Y.Doc, fresh: Y.Doc, settled: Ranges = NONE): Run[] {
  const runs: { behind: Id | null; paragraph: string | null; pieces: Piece[] }[] = [];
  const known = Y.decodeStateVector(Y.encodeStateVector(fresh));
  const format: Record<string, unknown> = {};
  let behind: Id | null = null;
  let paragraph: string | null = null;
  let open = false;
  for (let item = first(textOf(old)); item !== null; item = item.right) {
    const { content, id } = item;
    if (item.deleted) continue;
    if (content instanceof Y.ContentFormat) format[content.key] = content.value;
    if (!(content instanceof Y.ContentString)) continue;
    // Yjs may have merged what the server knows and what it does not into one item.
    const taken = Math.min(item.length, Math.max(0, (known.get(id.client) ?? 0) - id.clock));
    if (taken > 0) {
      behind = { client: id.client, clock: id.clock + taken - 1 };
      const newline = content.str.lastIndexOf("\n", taken - 1);
      if (newline >= 0) paragraph = `${id.client}-${id.clock + newline}`;
      open = false;
    }
    for (const piece of pieces(content.str, taken, id, settled)) {
      if (!open) runs.push({ behind, paragraph, pieces: [] });
      open = true;
      runs.at(-1)?.pieces.push({ ...piece, format: marksOnly(format) });
    }
  }
  return runs;
}

const marksOnly = (format: Format): Format => Object.fromEntries(Object.entries(format).filter(([, value]) => value));

/** The parts of an item from `start` that are not settled. */
function pieces(text: string, start: number, { client, clock }: Id, settled: Ranges): Omit<Piece, "format">[] {
  const out: { text: string; id: Id }[] = [];
  let open = false;
  for (let i = start; i < text.length; i++) {
    if (inside(settled, client, clock + i)) {
      open = false;
      continue;
    }
    if (!open) out.push({ text: "", id: { client, clock: clock + i } });
    open = true;
    const last = out.at(-1) as { text: string };
    last.text += text[i];
  }
  return out;
}

export const runText = ({ pieces: all }: Run): string => all.map(({ text }) => text).join("");

/** Offset right behind the character with this id. */
function offsetBehind(doc: Y.Doc, id: Id | null): number {
  if (id === null) return 1;
  const relative = Y.createRelativePositionFromJSON({ item: id, assoc: -1 });
  return Math.max(1, Y.createAbsolutePositionFromRelativePosition(relative, doc, false)?.index ?? 1);
}

/** Where a run's characters are now: [old id, first new clock, length], all under the fresh document's client id. */
export type Twin = readonly [old: Id, clock: number, length: number];

/** Writes the runs into the fresh document; new paragraphs get the attributes of the old ones. */
export function writeRuns(old: Y.Doc, fresh: Y.Doc, runs: readonly Run[]): Twin[] {
  const twins: Twin[] = [];
  const text = textOf(fresh);
  for (const run of runs) {
    let at = offsetBehind(fresh, run.behind);
    for (const piece of run.pieces) {
      text.insert(at, piece.text, { ...piece.format });
      const clock = clockAt(text, at);
      twins.push([piece.id, clock, piece.text.length]);
      carryAttributes(old, fresh, piece, clock);
      at += piece.text.length;
    }
  }
  return twins;
}

/** Clock of the character at an offset. */
function clockAt(text: Y.Text, offset: number): number {
  const item = Y.createRelativePositionFromTypeIndex(text, offset, 0).item;
  if (item === null) throw new RangeError(`no character at ${offset}`);
  return item.clock;
}

function carryAttributes(old: Y.Doc, fresh: Y.Doc, piece: Piece, clock: number): void {
  for (const { index } of piece.text.matchAll(/\n/g)) {
    const attrs = mapOf(old).get(`${piece.id.client}-${piece.id.clock + index}`);
    if (attrs !== undefined) mapOf(fresh).set(`${fresh.clientID}-${clock + index}`, attrs);
  }
}

/** Attributes of paragraphs that the old document's user set and the server does not know. */
export function writeAttributes(old: Y.Doc, fresh: Y.Doc, settled: Ranges = NONE): void {
  const known = Y.decodeStateVector(Y.encodeStateVector(fresh));
  const items = (mapOf(old) as unknown as { _map: Map<string, Y.Item> })._map;
  for (const [key, { id, deleted }] of items) {
    const unknown = id.clock >= (known.get(id.client) ?? 0) && !inside(settled, id.client, id.clock);
    if (deleted || !unknown || !/^\d+-\d+$/.test(key)) continue;
    const [client, clock] = key.split("-").map(Number) as [number, number];
    if (clock < (known.get(client) ?? 0)) mapOf(fresh).set(key, mapOf(old).get(key));
  }
}

/** Deletes in the fresh document what these updates delete. */
export function writeDeletions(fresh: Y.Doc, updates: readonly Uint8Array[]): void {
  const ranges = new Map<number, [number, number][]>();
  for (const update of updates)
    for (const [client, deletes] of Y.decodeUpdate(update).ds.clients)
      for (const { clock, len } of deletes) {
        const all = ranges.get(client) ?? [];
        all.push([clock, clock + len]);
        ranges.set(client, all);
      }
  deleteWhere(textOf(fresh), (client, clock) => inside(ranges, client, clock));
}

/** Deletes every living character for which it holds, but the first "\n" of all (T1); whole surrogate pairs only. */
function deleteWhere(text: Y.Text, gone: (client: number, clock: number) => boolean): void {
  const offsets: [number, number][] = [];
  let offset = 0;
  for (let item = first(text); item !== null; item = item.right) {
    if (item.deleted || !(item.content instanceof Y.ContentString)) continue;
    let at = 0;
    for (const char of item.content.str) {
      if (offset > 0 && gone(item.id.client, item.id.clock + at)) offsets.push([offset, char.length]);
      at += char.length;
      offset += char.length;
    }
  }
  for (const [at, length] of offsets.reverse()) text.delete(at, length);
}

/**
 * The originals of what was carried over may yet arrive: their last socket broke before the server said whether it
 * took them. Then the copies go, so that no word stands there twice. Answers the twins that are still alone.
 */
export function dropCopies(doc: Y.Doc, twins: readonly Twin[]): Twin[] {
  const known = Y.decodeStateVector(Y.encodeStateVector(doc));
  const came = ([{ client, clock }]: Twin) => clock < (known.get(client) ?? 0);
  const arrived = twins.filter(came);
  if (arrived.length > 0)
    deleteWhere(
      textOf(doc),
      (client, clock) =>
        client === doc.clientID && arrived.some(([, from, length]) => clock >= from && clock < from + length),
    );
  return twins.filter((twin) => !came(twin));
}
