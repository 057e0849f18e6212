/** ProseMirror → Yjs: steps become the smallest changes of the flat text, attributes the objects of the map. */
import type { Node } from "prosemirror-model";
import { AddMarkStep, RemoveMarkStep, type Step } from "prosemirror-transform";
import type * as Y from "yjs";
import type { ParagraphIds } from "./ids";
import { attributes, attributesOf, MARKS, sameAttributes, written } from "./schema";
import { type Cell, cells, type Format, flatOffset, sameFormat, splitsPair } from "./units";

type MarkStep = AddMarkStep | RemoveMarkStep;
type Range = [oldFrom: number, oldTo: number, newFrom: number, newTo: number];

export const isMarkStep = (step: Step): step is MarkStep =>
  step instanceof AddMarkStep || step instanceof RemoveMarkStep;

/** Writes steps to the text; `docs[i]` is the document before step i. Answers whether a "\n" came or went. */
export function writeSteps(text: Y.Text, steps: readonly Step[], docs: readonly Node[], after: Node): boolean {
  let structural = false;
  for (let i = 0; i < steps.length; ) {
    const step = steps[i] as Step;
    const before = docs[i] as Node;
    if (isMarkStep(step)) {
      i = writeMarks(text, steps, before, i);
      continue;
    }
    structural = writeReplacements(text, step, before, docs[i + 1] ?? after) || structural;
    i++;
  }
  return structural;
}

/**
 * Mark steps of one kind that follow each other, as few ranges: bold over everything is one step a paragraph, and each
 * range costs a walk over the whole text. None of them moves a character, so all are read in one document.
 */
function writeMarks(text: Y.Text, steps: readonly Step[], doc: Node, first: number): number {
  const model = steps[first] as MarkStep;
  const format = { [model.mark.type.name]: model instanceof AddMarkStep ? true : null };
  let [from, to] = [model.from, model.to];
  const write = () => {
    const at = flatOffset(doc, from);
    text.format(at, flatOffset(doc, to) - at, format);
  };
  let next = first + 1;
  for (; next < steps.length; next++) {
    const step = steps[next] as Step;
    if (!isMarkStep(step) || step.constructor !== model.constructor || step.mark.type !== model.mark.type) break;
    if (step.from < to || doc.textBetween(to, step.from) !== "") {
      write();
      from = step.from;
    }
    to = step.to;
  }
  write();
  return next;
}

function writeReplacements(text: Y.Text, step: Step, before: Node, after: Node): boolean {
  const ranges: Range[] = [];
  step.getMap().forEach((...range) => {
    ranges.push(range);
  });
  let structural = false;
  // From the end, so that the offsets of the earlier ones hold.
  for (const range of ranges.reverse()) structural = writeReplacement(text, before, after, range) || structural;
  return structural;
}

function writeReplacement(text: Y.Text, before: Node, after: Node, range: Range): boolean {
  let [oldFrom, oldTo, newFrom, newTo] = range;
  // Never inside a surrogate pair: the range grows to the whole pair, and a half that stays becomes U+FFFD.
  if (splitsPair(before, oldTo)) [oldTo, newTo] = [oldTo + 1, newTo + 1];
  if (splitsPair(before, oldFrom)) [oldFrom, newFrom] = [oldFrom - 1, newFrom - 1];
  const old = cells(before, oldFrom, oldTo);
  const fresh = cells(after, newFrom, newTo);
  const at = flatOffset(before, oldFrom);
  // T1: the first "\n" stays and nothing comes before it. With the next paragraph's "\n" at the end of both, what is
  // put before the first or taken from there comes or goes behind it, for equal beginnings are kept.
  if (at === 0 && before.resolve(oldTo).depth === 0 && oldTo < before.content.size) {
    old.push(NEWLINE);
    fresh.push(NEWLINE);
  }
  return writeCells(text, at, old, fresh);
}
const NEWLINE: Cell = { char: "\n", format: {} };

const alike = (a: Cell, b: Cell) => a.char === b.char && sameFormat(a.format, b.format);
const sameChar = (a: Cell, b: Cell) => a.char === b.char;
const units = (list: readonly Cell[]) => list.reduce((sum, cell) => sum + cell.char.length, 0);

/**
 * Replaces `old` at an offset by `fresh`, keeping what both ends share: first what is alike, then what differs in its
 * marks only and is formatted anew. So kept characters, and above all a kept "\n", keep their ids.
 */
function writeCells(text: Y.Text, at: number, old: readonly Cell[], fresh: readonly Cell[]): boolean {
  let start = 0;
  let end = 0;
  const common = Math.min(old.length, fresh.length);
  for (const same of [alike, sameChar]) {
    while (start + end < common && same(old[start] as Cell, fresh[start] as Cell)) start++;
    while (start + end < common && same(old.at(-1 - end) as Cell, fresh.at(-1 - end) as Cell)) end++;
  }
  const gone = old.slice(start, old.length - end);
  const come = fresh.slice(start, fresh.length - end);
  const middle = at + units(old.slice(0, start));
  reformat(text, middle + units(gone), old.slice(old.length - end), fresh.slice(fresh.length - end));
  if (gone.length > 0) text.delete(middle, units(gone));
  insert(text, middle, come);
  reformat(text, at, old.slice(0, start), fresh.slice(0, start));
  return gone.some((cell) => cell.char === "\n") || come.some((cell) => cell.char === "\n");
}

/** Runs of one format; each insertion names its format in full, so that nothing leaks into it from its neighbours. */
function insert(text: Y.Text, offset: number, come: readonly Cell[]): void {
  let at = offset;
  for (let i = 0; i < come.length; ) {
    const format = (come[i] as Cell).format;
    let run = "";
    for (; i < come.length && sameFormat((come[i] as Cell).format, format); i++) run += (come[i] as Cell).char;
    text.insert(at, run, { ...format });
    at += run.length;
  }
}

function reformat(text: Y.Text, offset: number, old: readonly Cell[], fresh: readonly Cell[]): void {
  let at = offset;
  old.forEach((cell, i) => {
    const to = (fresh[i] as Cell).format;
    // Marks on a "\n" mean nothing (T1).
    if (cell.char !== "\n" && !sameFormat(cell.format, to))
      text.format(at, cell.char.length, difference(cell.format, to));
    at += cell.char.length;
  });
}

function difference(from: Format, to: Format): Record<string, true | null> {
  const out: Record<string, true | null> = {};
  for (const name of MARKS) if (from[name] !== to[name]) out[name] = to[name] ?? null;
  return out;
}

/** Indices [from, to) in `after` of the paragraphs that are not the very same nodes as in `before`. */
export function changedParagraphs(before: Node, after: Node): [from: number, to: number] {
  const common = Math.min(before.childCount, after.childCount);
  let from = 0;
  while (from < common && before.child(from) === after.child(from)) from++;
  let end = 0;
  while (end < common - from && before.child(before.childCount - 1 - end) === after.child(after.childCount - 1 - end))
    end++;
  return [from, after.childCount - end];
}

/** Brings the map up to the attributes of the paragraphs that changed. */
export function writeAttributes(map: Y.Map<unknown>, ids: ParagraphIds, before: Node, after: Node): void {
  const [from, to] = changedParagraphs(before, after);
  // The first "\n" never goes, so a paragraph put before the first or taken from there moves the next one's id.
  const end = from === 0 ? Math.min(to + 1, after.childCount) : to;
  for (let index = from; index < end; index++) {
    const id = ids.at(index);
    const wanted = attributesOf(after.child(index));
    if (!sameAttributes(wanted, attributes(map.get(id)))) map.set(id, written(wanted));
  }
}
