/** What is selected in the text, to be quoted; and the quote of the thread that is read, shown in the text. */
import { Plugin, PluginKey } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import { placeOf } from "../chair";
import type { Live } from "../live";
import { findQuote, quotable } from "./quote";

const KEY = new PluginKey<DecorationSet>("quoted");

/** For the editor's plugins. */
export const quoted = (): Plugin =>
  new Plugin<DecorationSet>({
    key: KEY,
    state: {
      init: () => DecorationSet.empty,
      apply(tr, set) {
        const shown: DecorationSet | undefined = tr.getMeta(KEY);
        if (shown !== undefined) return shown;
        return set === DecorationSet.empty || !tr.docChanged ? set : set.map(tr.mapping, tr.doc);
      },
    },
    props: { decorations: (state) => KEY.getState(state) },
  });

/** Shows a quote where its paragraph still has it; null shows none. */
export function showQuote({ editor }: Live, at: { paragraph: string; quote: string } | null): void {
  if (!editor) return;
  const { view } = editor;
  const { state } = view;
  const element = at === null ? null : editor.element(at.paragraph);
  let set = DecorationSet.empty;
  if (at !== null && element !== null) {
    const start = view.posAtDOM(element, 0);
    const found = findQuote(state.doc.resolve(start).parent.textContent, at.quote);
    if (found)
      set = DecorationSet.create(state.doc, [
        Decoration.inline(start + found[0], start + found[1], { class: "quoted" }),
      ]);
  }
  if (set !== DecorationSet.empty || KEY.getState(state) !== DecorationSet.empty)
    view.dispatch(state.tr.setMeta(KEY, set));
}

/** The paragraph that is meant and, where words in it are selected, these. */
export function chosen(live: Live): { paragraph: string; quote: string | null } | null {
  const selected = selection(live);
  if (selected) return selected;
  const paragraph = placeOf(live);
  return paragraph === null ? null : { paragraph, quote: null };
}

function selection({ editor }: Live): { paragraph: string; quote: string } | null {
  const selected = document.getSelection();
  if (!editor || !selected || selected.isCollapsed || selected.rangeCount === 0) return null;
  const { view } = editor;
  const { startContainer, startOffset, endContainer, endOffset } = selected.getRangeAt(0);
  if (!view.dom.contains(startContainer) || !view.dom.contains(endContainer)) return null;
  const { doc } = view.state;
  const $from = doc.resolve(view.posAtDOM(startContainer, startOffset));
  const to = Math.min(view.posAtDOM(endContainer, endOffset), $from.end());
  const quote = to > $from.pos ? quotable(doc.textBetween($from.pos, to)) : null;
  const element = view.dom.children[$from.index(0)];
  return quote === null || !element?.id.startsWith("p-") ? null : { paragraph: element.id.slice(2), quote };
}
