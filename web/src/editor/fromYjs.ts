/** Yjs → ProseMirror: a delta of the text becomes exact steps, which touch only what the delta touches. */
import { Fragment, type Node, Slice } from "prosemirror-model";
import type { Transaction } from "prosemirror-state";
import { ReplaceStep } from "prosemirror-transform";
import * as Y from "yjs";
import { firstItem, paragraphIds } from "./ids";
import {
  type Attributes,
  attributes,
  attributesOf,
  DEFAULTS,
  MARKS,
  markOf,
  marksOf,
  paragraph,
  schema,
} from "./schema";
import { locate, positionOf } from "./units";

export interface DeltaOp {
  readonly retain?: number;
  readonly insert?: string;
  readonly delete?: number;
  readonly attributes?: Readonly<Record<string, unknown>>;
}
export type Delta = readonly DeltaOp[];

/** Applies a delta; `attributesAt(i)` are the attributes of the paragraph that has index i once all is applied. */
export function applyDelta(tr: Transaction, delta: Delta, attributesAt: (index: number) => Attributes): void {
  let offset = 0;
  for (const op of delta) {
    if (op.delete !== undefined) remove(tr, offset, op.delete);
    else if (op.insert !== undefined) {
      insert(tr, offset, op.insert, op.attributes, attributesAt);
      offset += op.insert.length;
    } else if (op.retain !== undefined) {
      if (op.attributes !== undefined) format(tr, offset, op.retain, op.attributes);
      offset += op.retain;
    }
  }
}

const replace = (tr: Transaction, from: number, to: number, nodes: readonly Node[], open: number) =>
  tr.step(new ReplaceStep(from, to, new Slice(Fragment.fromArray([...nodes]), open, open)));

function insert(
  tr: Transaction,
  offset: number,
  text: string,
  marks: DeltaOp["attributes"],
  attributesAt: (index: number) => Attributes,
): void {
  const place = locate(tr.doc, offset);
  const lines = text.split("\n");
  if (lines.length === 1) {
    replace(tr, place.position, place.position, [schema.text(text, marksOf(marks))], 0);
    return;
  }
  const nodes = lines.map((line, i) =>
    paragraph(i === 0 ? DEFAULTS : attributesAt(place.index + i), line, marksOf(marks)),
  );
  // Whole paragraphs between two others: neither of these is touched.
  if (lines[0] === "" && place.atEnd) replace(tr, place.after, place.after, nodes.slice(1), 0);
  else replace(tr, place.position, place.position, nodes, 1);
}

function remove(tr: Transaction, offset: number, length: number): void {
  const from = locate(tr.doc, offset);
  const to = locate(tr.doc, offset + length);
  const whole = from.atEnd && to.atEnd;
  replace(tr, whole ? from.after : from.position, whole ? to.after : to.position, [], 0);
}

function format(tr: Transaction, offset: number, length: number, marks: Readonly<Record<string, unknown>>): void {
  // Marks on the first "\n" mean nothing, as on every other.
  const from = locate(tr.doc, Math.max(1, offset)).position;
  const to = locate(tr.doc, Math.max(1, offset + length)).position;
  for (const name of MARKS) {
    if (!(name in marks)) continue;
    if (marks[name] === true) tr.addMark(from, to, markOf(name));
    else tr.removeMark(from, to, markOf(name).type);
  }
}

/** Gives the paragraph with this index its attributes. */
export function applyAttributes(tr: Transaction, index: number, wanted: Attributes): void {
  const have = attributesOf(tr.doc.child(index));
  const position = positionOf(tr.doc, index);
  for (const name of ["kind", "level", "label"] as const)
    if (have[name] !== wanted[name]) tr.setNodeAttribute(position, name, wanted[name]);
}

/**
 * The delta of a transaction, as YTextEvent.delta computes it in ten times the time; null when formatting changed.
 * One pass over the items: typing, deleting, splits and joins.
 */
export function quickDelta(text: Y.Text, transaction: Y.Transaction): Delta | null {
  const isNew = newness(transaction);
  const deletes = transaction.deleteSet.clients.size > 0;
  const delta: DeltaOp[] = [];
  const now: Record<string, unknown> = {};
  let kept = 0;
  const push = (op: DeltaOp) => {
    if (kept > 0) delta.push({ retain: kept });
    kept = 0;
    delta.push(op);
  };
  for (let item = firstItem(text); item !== null; item = item.right) {
    const fresh = isNew(item.id);
    const died = deletes && !fresh && item.deleted && Y.isDeleted(transaction.deleteSet, item.id);
    if (!item.countable) {
      if (!(item.content instanceof Y.ContentFormat)) continue;
      if (fresh || died) return null;
      if (!item.deleted) now[item.content.key] = item.content.value;
    } else if (fresh) {
      const { content } = item;
      if (content instanceof Y.ContentString && !item.deleted) push({ insert: content.str, attributes: { ...now } });
    } else if (!item.deleted) kept += item.length;
    else if (died) push({ delete: item.length });
  }
  return delta;
}

/**
 * Whether this transaction brought a character. Nearly always it brings those of one client: a comparison then, for a
 * Map with client ids, which are no small integers, takes 140 ns an item and there are tens of thousands of items.
 */
function newness({ beforeState, afterState }: Y.Transaction): (id: Y.ID) => boolean {
  const clocks = new Map<number, number>();
  afterState.forEach((end, client) => {
    const start = beforeState.get(client) ?? 0;
    if (end > start) clocks.set(client, start);
  });
  const [one, ...more] = clocks;
  if (one === undefined) return () => false;
  const [client, start] = one;
  if (more.length === 0) return (id) => id.client === client && id.clock >= start;
  return (id) => id.clock >= (clocks.get(id.client) ?? Number.POSITIVE_INFINITY);
}

/** The whole document that the text and the map stand for. */
export function render(text: Y.Text, map: Y.Map<unknown>): Node {
  const ids = paragraphIds(text);
  const paragraphs: { attrs: Attributes; inline: Node[] }[] = [];
  for (const { insert: piece, attributes: marks } of text.toDelta() as { insert: string; attributes?: object }[]) {
    piece.split("\n").forEach((line, i) => {
      if (i > 0) paragraphs.push({ attrs: attributes(map.get(ids[paragraphs.length] as string)), inline: [] });
      if (line === "") return;
      const last = paragraphs.at(-1);
      if (last === undefined) throw new RangeError('the text does not begin with "\\n" (T1)');
      last.inline.push(schema.text(line, marksOf(marks as Record<string, unknown> | undefined)));
    });
  }
  const nodes = paragraphs.map(({ attrs, inline }) => paragraph(attrs, "").copy(Fragment.fromArray(joined(inline))));
  return schema.node("doc", null, nodes.length > 0 ? nodes : [paragraph(DEFAULTS, "")]);
}

/** Neighbouring pieces can end up with equal marks, where formatting that is not ours parted them. */
function joined(inline: readonly Node[]): Node[] {
  const out: Node[] = [];
  for (const node of inline) {
    const last = out.at(-1);
    if (last?.sameMarkup(node)) out[out.length - 1] = schema.text(`${last.text}${node.text}`, last.marks);
    else out.push(node);
  }
  return out;
}
