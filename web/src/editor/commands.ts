/** What toolbars and keys can do to the selection. */
import { toggleMark as toggle } from "prosemirror-commands";
import { type Command, type EditorState, TextSelection } from "prosemirror-state";
import { type Attributes, attributesOf, type Kind, type MarkName, markOf, sameAttributes } from "./schema";
import { positionOf } from "./units";

export const toggleMark = (name: MarkName): Command => toggle(markOf(name).type);

/** Indices [from, to] of the paragraphs that the selection touches. */
function selected({ selection: { $from, $to } }: EditorState): [number, number] {
  const last = $to.index(0);
  // A selection up to the start of the next paragraph, as a triple click makes it, does not mean that one.
  return [$from.index(0), $to.parentOffset === 0 && last > $from.index(0) ? last - 1 : last];
}

const change =
  (to: (attrs: Attributes) => Attributes): Command =>
  (state, dispatch) => {
    const { tr } = state;
    const [from, last] = selected(state);
    for (let index = from; index <= last; index++) {
      const attrs = attributesOf(state.doc.child(index));
      const wanted = to(attrs);
      if (!sameAttributes(attrs, wanted)) tr.setNodeMarkup(positionOf(state.doc, index), null, { ...wanted });
    }
    if (!tr.docChanged) return false;
    dispatch?.(tr.setSelection(state.selection.map(tr.doc, tr.mapping)).setStoredMarks(state.storedMarks));
    return true;
  };

/** A label belongs to the number of its kind: another kind has none. */
export const setKind = (kind: Kind): Command =>
  change((attrs) => (attrs.kind === kind ? attrs : { kind, level: 1, label: null }));

export const setLevel = (level: number): Command => change((attrs) => ({ ...attrs, level: Math.max(1, level) }));

/** One level deeper (1) or higher (−1); only headings and items have levels. */
export const indent = (by: 1 | -1): Command =>
  change((attrs) =>
    attrs.kind === "item" || attrs.kind === "heading"
      ? { ...attrs, level: Math.min(9, Math.max(1, attrs.level + by)) }
      : attrs,
  );

/** Null: numbered automatically. */
export const setLabel = (label: string | null): Command =>
  change((attrs) => ({ ...attrs, label: label?.trim() ? label.trim() : null }));

/** Puts brackets round the selection, or an empty pair at the caret; inside, the words that say who they are from. */
export const bracket =
  (tag = ""): Command =>
  (state, dispatch) => {
    if (dispatch) {
      const { $from, $to, from, to, anchor, head } = state.selection;
      const tr = state.tr;
      tr.insert(to, state.schema.text("]", $to.marks()));
      const opening = `[${tag}`;
      tr.insert(from, state.schema.text(opening, $from.marks()));
      const moved = TextSelection.create(tr.doc, anchor + opening.length, head + opening.length);
      dispatch(tr.setSelection(moved).scrollIntoView());
    }
    return true;
  };

export const selectAll: Command = (state, dispatch) => {
  dispatch?.(state.tr.setSelection(TextSelection.create(state.doc, 1, state.doc.content.size - 1)));
  return true;
};
