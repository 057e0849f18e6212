/** The text on the page. */
import { type Command, EditorState, Plugin, TextSelection } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import type { Awareness } from "y-protocols/awareness";
import type * as Y from "yjs";
import { Binding, guard, type Host } from "./binding";
import { bracket, setKind, setLabel, setLevel, toggleMark } from "./commands";
import { composing, endComposition } from "./composing";
import { cursors, ownCursor } from "./cursors";
import { render } from "./fromYjs";
import { bracketIds } from "./ids";
import type { Caret, Editor, EditorOptions, PageParagraph } from "./interface";
import { keys } from "./keys";
import { type LockedParagraphs, Locks } from "./locks";
import { Anchors, anchorOf } from "./paragraphView";
import { pasting } from "./paste";
import { removing } from "./removing";
import { attributesOf, type Kind, MARKS, type MarkName, markOf } from "./schema";
import { tidyText } from "./tidy";
import { Undo } from "./undo";
import { positionOf } from "./units";
import { untold } from "./untold";
import "prosemirror-view/style/prosemirror.css";
import "./editor.css";

/** Pixels kept free of the caret at the edges of the window, where the page has its bars. */
const MARGIN = { top: 96, bottom: 48, left: 8, right: 8 };
/** Milliseconds without a change after which page and text are compared. */
const IDLE = 2_000;

const hostOf = (view: EditorView): Host => ({
  get state() {
    return view.state;
  },
  updateState: (state) => view.updateState(state),
  untold: () => untold(view),
});

export const createEditor = (options: EditorOptions): Editor => new PageEditor(options);

class PageEditor implements Editor {
  readonly view: EditorView;
  private binding: Binding;
  private history: Undo;
  private readonly anchors = new Anchors();
  private readonly locks = new Locks((why) => this.options.onLocked?.(why));
  private editable: boolean;
  private caret: Caret | null = null;
  private idle: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: EditorOptions) {
    this.editable = options.editable;
    this.view = new EditorView(options.mount, {
      state: EditorState.create({ doc: render(options.doc.getText("text"), options.doc.getMap("paragraphs")) }),
      dispatchTransaction: (tr) => this.binding.dispatch(tr),
      nodeViews: { paragraph: this.anchors.paragraph },
      editable: () => this.editable,
      attributes: () => this.attributes(),
      clipboardTextSerializer: (slice) => slice.content.textBetween(0, slice.content.size, "\n\n"),
      scrollMargin: MARGIN,
      scrollThreshold: MARGIN,
    });
    [this.binding, this.history] = this.bind(options.doc, options.awareness);
  }

  private bind(doc: Y.Doc, awareness: Awareness): [Binding, Undo] {
    const binding = new Binding(doc, hostOf(this.view));
    const history = new Undo(binding, undefined, this.locks);
    // Plugins look at the page and at the text: neither sees one without the other.
    this.view.updateState(this.view.state.reconfigure({ plugins: [] }));
    binding.show();
    const plugins = this.plugins(binding, history, awareness);
    this.view.updateState(this.view.state.reconfigure({ plugins }));
    return [binding, history];
  }
  private plugins(binding: Binding, history: Undo, awareness: Awareness): Plugin[] {
    const { onLeave, onComposing, onEditing, show, plugins } = this.options;
    return [
      guard(() => this.editable && binding.text.length > 0),
      this.locks.plugin(binding, () => this.editable),
      keys(
        { undo: () => this.editable && history.undo(), redo: () => this.editable && history.redo() },
        () => (onLeave ?? (() => this.view.dom.blur()))(),
        this.options.bracketTag,
      ),
      pasting(),
      removing(),
      tidyText(),
      this.anchors.plugin(() => binding.ids.all()),
      cursors({
        binding,
        awareness,
        show: show ?? (({ name, delegation }) => ({ label: delegation ?? name, className: "" })),
        onEditing: (editing) => onEditing?.(editing),
      }),
      ownCursor(binding, awareness),
      composing(
        (now) => onComposing?.(now),
        () => this.locks.refusesComposition(this.view),
      ),
      this.watching(),
      ...(plugins ?? []),
    ];
  }
  /** Tells the page what changed. */
  private watching(): Plugin {
    return new Plugin({
      view: () => ({
        update: (view, before) => {
          if (before.doc !== view.state.doc) {
            this.options.onChange?.();
            this.compareLater();
          }
          this.tellCaret();
        },
      }),
    });
  }
  private compareLater(): void {
    clearTimeout(this.idle);
    this.idle = setTimeout(() => {
      if (!this.view.composing) this.binding.verify();
    }, IDLE);
  }
  private tellCaret(): void {
    const caret = this.editable ? caretOf(this.view.state, this.binding) : null;
    if (JSON.stringify(caret) === JSON.stringify(this.caret)) return;
    this.caret = caret;
    this.options.onCaret?.(caret);
  }
  private attributes(): Record<string, string> {
    const common = { "aria-label": this.options.label, translate: "no" };
    return this.editable
      ? { ...common, role: "textbox", "aria-multiline": "true", spellcheck: "true" }
      : { ...common, role: "document", tabindex: "0" };
  }

  destroy(): void {
    clearTimeout(this.idle);
    this.unbind();
    this.view.destroy();
  }
  private unbind(): void {
    this.history.destroy();
    this.binding.destroy();
  }

  rebind(doc: Y.Doc, awareness: Awareness): void {
    const { $head } = this.view.state.selection;
    const [id, offset] = [this.binding.ids.at($head.index(0)), $head.parentOffset];
    this.unbind();
    [this.binding, this.history] = this.bind(doc, awareness);
    this.select(id, offset, false);
    this.options.onChange?.();
  }

  setEditable(editable: boolean): void {
    this.editable = editable;
    this.view.setProps({});
    this.tellCaret();
  }
  setLocks(locked: LockedParagraphs, focus: string | null): void {
    this.locks.set(locked, focus);
    if (this.view.composing && this.locks.touchedBy(this.view.state, this.binding)) endComposition(this.view);
    this.view.setProps({});
  }
  focus(): void {
    this.view.focus();
  }

  paragraphs(): readonly PageParagraph[] {
    const out: PageParagraph[] = [];
    this.view.state.doc.forEach((node, _, index) => {
      out.push({ ...attributesOf(node), id: this.binding.ids.at(index), index, text: node.textContent });
    });
    return out;
  }
  bracketIds(): readonly string[] {
    return bracketIds(this.binding.text);
  }
  element(id: string): HTMLElement | null {
    return this.view.dom.querySelector(`#${CSS.escape(anchorOf(id))}`);
  }
  goTo(id: string): void {
    if (this.editable) {
      this.view.focus();
      this.select(id, 0, true);
    }
    this.element(id)?.scrollIntoView({ block: "center" });
  }
  /** Puts the caret into a paragraph, as far in as its text reaches. */
  private select(id: string, offset: number, scroll: boolean): void {
    const index = this.binding.ids.indexOf(id);
    if (index === undefined) return;
    const { doc, tr } = this.view.state;
    const at = positionOf(doc, index) + 1 + Math.min(offset, doc.child(index).content.size);
    tr.setSelection(TextSelection.create(doc, at));
    this.view.dispatch(scroll ? tr.scrollIntoView() : tr);
  }

  show(id: string, from: number, to: number): void {
    const index = this.binding.ids.indexOf(id);
    if (index === undefined) return;
    const { doc, tr } = this.view.state;
    const begins = positionOf(doc, index) + 1;
    const at = (offset: number) => begins + Math.min(offset, doc.child(index).content.size);
    if (this.editable) this.view.dispatch(tr.setSelection(TextSelection.create(doc, at(to), at(from))));
    const { node } = this.view.domAtPos(at(from), 1);
    (node instanceof Element ? node : node.parentElement)?.scrollIntoView({ block: "center" });
  }
  replace(id: string, at: number, remove: number, insert: string): void {
    const index = this.binding.ids.indexOf(id);
    if (index === undefined || !this.editable) return;
    const from = positionOf(this.view.state.doc, index) + 1 + at;
    this.view.dispatch(this.view.state.tr.insertText(insert, from, from + remove));
  }

  private run(command: Command): void {
    command(this.view.state, this.view.dispatch, this.view);
    this.view.focus();
  }
  toggleMark(name: MarkName): void {
    this.run(toggleMark(name));
  }
  setKind(kind: Kind): void {
    this.run(setKind(kind));
  }
  setLevel(level: number): void {
    this.run(setLevel(level));
  }
  setLabel(label: string | null): void {
    this.run(setLabel(label));
  }
  bracket(): void {
    this.run(bracket(this.options.bracketTag));
  }
  undo(): void {
    if (this.editable) this.history.undo();
  }
  redo(): void {
    if (this.editable) this.history.redo();
  }
  canUndo(): boolean {
    return this.editable && this.history.canUndo();
  }
  canRedo(): boolean {
    return this.editable && this.history.canRedo();
  }
}

function caretOf(state: EditorState, { ids }: Binding): Caret {
  const { $head, empty, from, to } = state.selection;
  const here = state.storedMarks ?? $head.marks();
  const has = (name: MarkName) =>
    empty ? markOf(name).isInSet(here) : state.doc.rangeHasMark(from, to, markOf(name).type);
  return {
    paragraph: ids.at($head.index(0)),
    attributes: { ...attributesOf(state.doc.child($head.index(0))) },
    marks: MARKS.filter(has),
    empty,
  };
}
