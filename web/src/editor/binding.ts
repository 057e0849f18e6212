/**
 * Keeps a ProseMirror state and a Yjs document equal, each change as a small one.
 *
 * It owns the dispatch: whatever is not marked remote, what plugins append included, is written to Yjs in one
 * transaction. Whatever else changes the Yjs document (others, undo) becomes a remote transaction here.
 */
import {
  type EditorState,
  Plugin,
  PluginKey,
  type Selection,
  TextSelection,
  type Transaction,
} from "prosemirror-state";
import type * as Y from "yjs";
import { applyAttributes, applyDelta, type Delta, quickDelta, render } from "./fromYjs";
import { ParagraphIds } from "./ids";
import { attributes, sameAttributes } from "./schema";
import { isMarkStep, writeAttributes, writeSteps } from "./toYjs";
import { flatLength, splitsPair } from "./units";

/** The view of a page; tests use a bare state. */
export interface Host {
  readonly state: EditorState;
  updateState(state: EditorState): void;
  /** Where the caret stands that the state does not know of yet; null: where the state has it. */
  untold?(): TextSelection | null;
}

const REMOTE = new PluginKey<void>("remote");

/** Whether a transaction only shows what already stands in the Yjs document. Filters must let it pass. */
export const isRemote = (tr: Transaction): boolean => tr.getMeta(REMOTE) !== undefined;

/** Called before a local change is written, and once it is; undo listens. */
export interface LocalListener {
  before(state: EditorState): void;
  /** Before what somebody else changed is shown: a last chance to add to it. */
  revive(origin: unknown): void;
}

export class Binding {
  readonly text: Y.Text;
  readonly map: Y.Map<unknown>;
  readonly ids: ParagraphIds;
  /** How often the page had to be drawn again from the text because the two differed; must stay 0. */
  repairs = 0;
  private listener: LocalListener | null = null;
  private event: Y.YTextEvent | null = null;
  private keys: ReadonlySet<string> = new Set();

  constructor(
    readonly doc: Y.Doc,
    readonly host: Host,
  ) {
    this.text = doc.getText("text");
    this.map = doc.getMap("paragraphs");
    this.ids = new ParagraphIds(this.text);
    this.text.observe(this.onText);
    this.map.observe(this.onMap);
    doc.on("afterTransaction", this.onTransaction);
  }

  listen(listener: LocalListener): void {
    this.listener = listener;
  }

  destroy(): void {
    this.text.unobserve(this.onText);
    this.map.unobserve(this.onMap);
    this.doc.off("afterTransaction", this.onTransaction);
  }

  /** For `EditorView.dispatchTransaction`. */
  readonly dispatch = (tr: Transaction): void => {
    if (!tr.docChanged && !tr.selectionSet && !tr.storedMarksSet) this.takeOver(tr);
    const { state, transactions } = this.host.state.applyTransaction(tr);
    const local = transactions.filter((each) => each.docChanged && !isRemote(each));
    if (local.length > 0) {
      // Written at wrong places, a keystroke would harm the text; lost, it is seen to be lost.
      if (!this.matches(this.host.state)) {
        this.repair();
        return;
      }
      this.listener?.before(this.host.state);
      this.doc.transact(() => {
        for (const each of local) this.write(each);
      }, this);
    }
    this.host.updateState(state);
    if (!this.matches(state)) this.repair();
  };
  private takeOver(tr: Transaction): void {
    const untold = this.host.untold?.() ?? null;
    if (untold !== null) tr.setSelection(untold);
  }
  /** As far as lengths tell: cheap enough for every change. An empty text shows as one empty paragraph. */
  private matches({ doc }: EditorState): boolean {
    return flatLength(doc) === Math.max(1, this.text.length);
  }

  /** Compares all; a safety net for when nothing else is to do. */
  verify(): void {
    if (!this.host.state.doc.eq(render(this.text, this.map))) this.repair();
  }

  /** Shows the document as it is, leaving alone what is equal. */
  show(): void {
    this.ids.forget();
    const { state } = this.host;
    const wanted = render(this.text, this.map);
    const from = state.doc.content.findDiffStart(wanted.content);
    const end = state.doc.content.findDiffEnd(wanted.content);
    if (from === null || end === null) return;
    // The ends of equal parts may overlap where text repeats itself.
    const overlap = Math.max(0, from - Math.min(end.a, end.b));
    const tr = state.tr.replace(from, end.a + overlap, wanted.slice(from, end.b + overlap));
    if (!tr.doc.eq(wanted)) tr.replaceWith(0, tr.doc.content.size, wanted.content);
    this.host.updateState(state.apply(tr.setMeta(REMOTE, true)));
  }

  private repair(): void {
    this.repairs++;
    console.error("The page differed from the text and was drawn again.");
    this.show();
  }

  private write(tr: Transaction): void {
    if (writeSteps(this.text, tr.steps, tr.docs, tr.doc)) this.ids.forget();
    writeAttributes(this.map, this.ids, tr.before, tr.doc);
  }

  private readonly onText = (event: Y.YTextEvent): void => {
    this.event = event;
  };
  private readonly onMap = (event: Y.YMapEvent<unknown>): void => {
    this.keys = event.keysChanged as Set<string>;
  };
  private readonly onTransaction = (transaction: Y.Transaction): void => {
    const { event, keys } = this;
    this.event = null;
    this.keys = new Set();
    if (transaction.origin === this || (event === null && keys.size === 0)) return;
    if (flatLength(this.host.state.doc) <= 1 && event !== null) {
      this.show();
      return;
    }
    const delta = event === null ? [] : (quickDelta(this.text, transaction) ?? (event.delta as Delta));
    try {
      this.pull(delta, keys, transaction.origin);
    } catch (error) {
      this.repair();
      throw error;
    }
  };

  private pull(delta: Delta, keys: ReadonlySet<string>, origin: unknown): void {
    const opens = delta.some((op) => op.insert?.includes("\n"));
    if (opens) this.ids.forget();
    this.listener?.revive(origin);
    const { state } = this.host;
    const { tr } = state;
    applyDelta(tr, delta, (index) => attributes(this.map.get(this.ids.at(index))));
    // Where no "\n" came, those that went are the paragraphs that are missing.
    if (!opens && tr.doc.childCount !== state.doc.childCount) this.ids.forget();
    for (const id of keys) this.pullAttributes(tr, id);
    if (!tr.docChanged) return;
    const untold = this.host.untold?.() ?? null;
    keepSelection(tr, untold ?? state.selection);
    if (untold === null && state.storedMarks !== null) tr.setStoredMarks(state.storedMarks);
    this.dispatch(tr.setMeta(REMOTE, true));
  }

  private pullAttributes(tr: Transaction, id: string): void {
    const index = this.ids.indexOf(id);
    if (index === undefined) return;
    const wanted = attributes(this.map.get(id));
    if (!sameAttributes(wanted, attributes(tr.doc.child(index).attrs))) applyAttributes(tr, index, wanted);
  }
}

/** What another writes at my caret stays to its right; a selection does not grow. */
function keepSelection(tr: Transaction, selection: Selection): void {
  if (!(selection instanceof TextSelection)) return;
  const map = (position: number) =>
    tr.doc.resolve(tr.mapping.map(position, !selection.empty && position === selection.from ? 1 : -1));
  // A caret whose paragraph went stands at the end of the one before, as what is typed there would.
  tr.setSelection(TextSelection.between(map(selection.anchor), map(selection.head), -1));
}

/** Refuses local changes while `editable` says no, and marks over half a surrogate pair. */
export const guard = (editable: () => boolean): Plugin =>
  new Plugin({
    filterTransaction(tr) {
      if (!tr.docChanged || isRemote(tr)) return true;
      if (!editable()) return false;
      return !tr.steps.some((step, i) => {
        const doc = tr.docs[i];
        return isMarkStep(step) && doc !== undefined && (splitsPair(doc, step.from) || splitsPair(doc, step.to));
      });
    },
  });
