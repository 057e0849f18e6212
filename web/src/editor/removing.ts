/**
 * Selections that go by the browser's hand: cut, and deletions that no key announces (phones, menus, a selection so
 * fresh that ProseMirror has not read it). They keep ids as `removeSelection` does.
 */
import { Plugin, TextSelection } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import { removeSelection } from "./joining";

/** What the browser is about to delete, null where it is less than a paragraph's edge. */
function target(view: EditorView, event: InputEvent): TextSelection | null {
  const [range] = event.getTargetRanges();
  if (range === undefined || !view.dom.contains(range.startContainer) || !view.dom.contains(range.endContainer))
    return null;
  const from = view.posAtDOM(range.startContainer, range.startOffset);
  const to = view.posAtDOM(range.endContainer, range.endOffset);
  const selection = TextSelection.between(view.state.doc.resolve(from), view.state.doc.resolve(to));
  const { $from, $to } = selection;
  return selection instanceof TextSelection && !$from.sameParent($to) ? selection : null;
}

export const removing = (): Plugin =>
  new Plugin({
    props: {
      handleDOMEvents: {
        beforeinput(view, event) {
          const input = event as InputEvent;
          if (!input.inputType.startsWith("delete") || view.composing || !view.editable) return false;
          // A caret at an edge is for the keys' commands, which know better which paragraph gives way.
          const range = document.getSelection()?.isCollapsed === false ? target(view, input) : null;
          if (range === null) return false;
          event.preventDefault();
          const tr = view.state.tr.setSelection(range);
          removeSelection(tr);
          view.dispatch(tr.scrollIntoView());
          return true;
        },
        cut(view, event) {
          const { clipboardData } = event;
          if (!view.editable || view.state.selection.empty || clipboardData === null) return false;
          event.preventDefault();
          const { dom, text } = view.serializeForClipboard(view.state.selection.content());
          clipboardData.clearData();
          clipboardData.setData("text/html", dom.innerHTML);
          clipboardData.setData("text/plain", text);
          const { tr } = view.state;
          removeSelection(tr);
          view.dispatch(tr.scrollIntoView().setMeta("uiEvent", "cut"));
          return true;
        },
      },
    },
  });
