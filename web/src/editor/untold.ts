/** Where the caret stands on the page, while the browser has not told of it yet. */
import { TextSelection } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";

/**
 * Null: where the state has it. A key or a press moves the caret at once, and an event tells of it a little later: what
 * somebody else changed and is shown in between must not put it back.
 */
export function untold(view: EditorView): TextSelection | null {
  const { state, dom } = view;
  if (view.composing || !(state.selection instanceof TextSelection) || !view.hasFocus()) return null;
  const found = dom.ownerDocument.getSelection();
  if (!found?.anchorNode || !found.focusNode) return null;
  if (!dom.contains(found.anchorNode) || !dom.contains(found.focusNode)) return null;
  const anchor = state.doc.resolve(view.posAtDOM(found.anchorNode, found.anchorOffset));
  const head = state.doc.resolve(view.posAtDOM(found.focusNode, found.focusOffset));
  if (!anchor.parent.inlineContent || !head.parent.inlineContent) return null;
  const selection = new TextSelection(anchor, head);
  return selection.eq(state.selection) ? null : selection;
}
