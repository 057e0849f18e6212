/**
 * Enter, Backspace, Delete: they put the "\n" on the side that lets a text keep its id (T2), and with it its label,
 * comments and lock.
 */
import type { Node } from "prosemirror-model";
import { type Command, TextSelection, type Transaction } from "prosemirror-state";
import { type Attributes, attributesOf, DEFAULTS, paragraph } from "./schema";
import { positionOf } from "./units";

const isEmpty = (node: Node) => node.content.size === 0;

/** What the paragraph after this one is: text goes on after a heading, and no label is given twice. */
export function following(attrs: Attributes, atEnd: boolean): Attributes {
  const heads = attrs.kind === "title" || attrs.kind === "heading";
  return atEnd && heads ? DEFAULTS : { ...attrs, label: null };
}

export const enter: Command = (state, dispatch) => {
  if (!dispatch) return true;
  const { tr } = state;
  if (!state.selection.empty) removeSelection(tr);
  const { $from } = tr.selection;
  const node = $from.parent;
  const attrs = attributesOf(node);
  const atStart = $from.parentOffset === 0;
  if (isEmpty(node) && attrs.kind === "item") {
    // As in every word processor: Enter in an empty item ends the list.
    tr.setNodeMarkup($from.before(), null, attrs.level > 1 ? { ...attrs, level: attrs.level - 1 } : { ...DEFAULTS });
  } else if (atStart && !isEmpty(node) && $from.index(0) > 0) {
    tr.insert($from.before(), paragraph({ ...attrs, label: null }, ""));
  } else {
    const atEnd = $from.parentOffset === node.content.size;
    tr.split($from.pos, 1, [{ type: node.type, attrs: { ...following(attrs, atEnd) } }]);
    // The first "\n" of all cannot move: there the text goes to the new one, and takes its attributes along.
    if (atStart && !isEmpty(node)) {
      tr.setNodeMarkup($from.before(), null, { ...attrs, label: null });
      tr.setNodeMarkup(tr.selection.$from.before(), null, { ...attrs });
    }
  }
  const marks = state.storedMarks ?? $from.marks();
  dispatch(tr.ensureMarks(marks).scrollIntoView());
  return true;
};

/** Joins paragraph `index` to the one before it; of two, one of which is empty, the other keeps its id. */
function join(tr: Transaction, index: number): void {
  const [before, after] = [tr.doc.child(index - 1), tr.doc.child(index)];
  const boundary = positionOf(tr.doc, index);
  const attrs = attributesOf(after);
  if (isEmpty(after)) {
    // Not a join: an empty paragraph may go from beside one that nobody can change.
    tr.delete(boundary, boundary + after.nodeSize);
    tr.setSelection(TextSelection.near(tr.doc.resolve(boundary), -1));
  } else if (!isEmpty(before)) {
    tr.join(boundary);
  } else if (index - 1 > 0) {
    tr.delete(boundary - before.nodeSize, boundary);
  } else {
    tr.join(boundary).setNodeMarkup(0, null, { ...attrs });
  }
}

/** Deletes the selection. A paragraph whose whole text goes, goes with its "\n"; what is left keeps its own. */
export function removeSelection(tr: Transaction): void {
  const { $from, $to, from, to } = tr.selection;
  const rest = attributesOf($to.parent);
  const whole = $from.parentOffset === 0 && !$from.sameParent($to);
  if (whole && $from.index(0) > 0) {
    if ($to.parentOffset > 0) tr.delete($to.start(), to);
    tr.delete($from.before(), $to.before());
    tr.setSelection(TextSelection.create(tr.doc, $from.before() + 1));
  } else {
    const survives = whole && $to.parentOffset < $to.parent.content.size;
    tr.delete(from, to);
    if (survives) tr.setNodeMarkup($from.before(), null, { ...rest });
  }
}

export const deleteSelection: Command = (state, dispatch) => {
  if (state.selection.empty) return false;
  if (dispatch) {
    const { tr } = state;
    removeSelection(tr);
    dispatch(tr.scrollIntoView());
  }
  return true;
};

export const backspace: Command = (state, dispatch) => {
  const { $from, empty } = state.selection;
  const index = $from.index(0);
  if (!empty || $from.parentOffset > 0) return false;
  if (index > 0 && dispatch) {
    const { tr } = state;
    join(tr, index);
    dispatch(tr.scrollIntoView());
  }
  return true;
};

export const forwardDelete: Command = (state, dispatch) => {
  const { $from, empty } = state.selection;
  const index = $from.index(0);
  if (!empty || $from.parentOffset < $from.parent.content.size) return false;
  if (index < state.doc.childCount - 1 && dispatch) {
    const { tr } = state;
    join(tr, index + 1);
    dispatch(tr.scrollIntoView());
  }
  return true;
};
