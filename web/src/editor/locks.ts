/** Paragraphs that are agreed: no edit of this page changes them, their places or their ids (W4). */
import { type Command, type EditorState, Plugin, PluginKey, TextSelection, type Transaction } from "prosemirror-state";
import { AttrStep, type Step } from "prosemirror-transform";
import { Decoration, DecorationSet, type EditorView } from "prosemirror-view";
import { type Binding, isRemote } from "./binding";
import { endComposition } from "./composing";
import { following } from "./joining";
import { attributesOf, paragraph } from "./schema";
import { isMarkStep } from "./toYjs";
import { positionOf } from "./units";

export type LockStatus = "agreed" | "agreed_ad_ref";
export type LockedParagraphs = ReadonlyMap<string, { readonly status: LockStatus }>;
export type Refusal = "locked" | "first";

interface Range {
  readonly from: number;
  readonly to: number;
}

/** Whether a transaction leaves alone the paragraphs that have these indices in the document before it. */
export function spares(tr: Transaction, locked: readonly number[]): boolean {
  let ranges = locked.map((index): Range => {
    const from = positionOf(tr.before, index);
    return { from, to: from + tr.before.child(index).nodeSize };
  });
  return tr.steps.every((step) => {
    if (!ranges.every((range) => misses(step, range))) return false;
    const map = step.getMap();
    ranges = ranges.map(({ from, to }) => ({ from: map.map(from, 1), to: map.map(to, -1) }));
    return true;
  });
}

function misses(step: Step, { from, to }: Range): boolean {
  if (isMarkStep(step)) return step.to <= from || step.from >= to;
  if (step instanceof AttrStep) return step.pos < from || step.pos >= to;
  let clear = true;
  step.getMap().forEach((start, end) => {
    const outside = end <= from || start >= to;
    // The first "\n" cannot move (T1): what comes or goes before a paragraph there takes that one's own.
    if (!outside || (start === 0 && end === from)) clear = false;
  });
  return clear;
}

const isLocked = (element: HTMLElement) => element.dataset.lock !== undefined;

/** The paragraphs that a range reaches into. Asked at every key: it looks at no other. */
export function touched(text: Element, { startContainer, startOffset, endContainer, endOffset }: AbstractRange) {
  const first =
    startContainer === text ? text.childNodes[startOffset] : (childWith(text, startContainer) ?? text.firstChild);
  const last =
    endContainer === text ? text.childNodes[endOffset - 1] : (childWith(text, endContainer) ?? text.lastChild);
  const reached: HTMLElement[] = [];
  if (!first || !last || first.compareDocumentPosition(last) & Node.DOCUMENT_POSITION_PRECEDING) return reached;
  for (let child: Node | null = first; child !== null; child = child === last ? null : child.nextSibling) {
    if (child instanceof HTMLElement) reached.push(child);
  }
  return reached;
}

function childWith(text: Element, inside: Node): Node | null {
  let node: Node | null = inside;
  while (node !== null && node.parentNode !== text) node = node.parentNode;
  return node;
}

/** No event keeps an input method from writing, but the browser writes nothing where it may not edit. */
function closeFor(view: EditorView, elements: readonly HTMLElement[]): void {
  for (const element of elements) element.contentEditable = "false";
  setTimeout(() => {
    for (const element of elements) element.removeAttribute("contenteditable");
    endComposition(view); // which the browser believes in all the same
  });
}

const KEY = new PluginKey<void>("locks");

export class Locks {
  private locked: LockedParagraphs = new Map();
  private focus: string | null = null;
  private drawn: { readonly of: readonly unknown[]; readonly set: DecorationSet } | null = null;

  constructor(private readonly onRefused: (why: Refusal) => void) {}

  set(locked: LockedParagraphs, focus: string | null): void {
    this.locked = locked;
    this.focus = focus;
    this.drawn = null;
  }
  get ids(): ReadonlyMap<string, unknown> {
    return this.locked;
  }
  has(id: string): boolean {
    return this.locked.has(id);
  }
  /** Says that something was not done because of a lock. */
  tell(): void {
    this.onRefused("locked");
  }

  plugin(binding: Binding, editable: () => boolean): Plugin {
    const enter = this.enter(binding);
    return new Plugin({
      key: KEY,
      filterTransaction: (tr) => {
        // What is appended tidies the characters of a change that was let through.
        if (!tr.docChanged || isRemote(tr) || tr.getMeta("appendedTransaction") !== undefined) return true;
        if (this.locked.size === 0 || spares(tr, this.indices(binding))) return true;
        this.onRefused("locked");
        return false;
      },
      props: {
        decorations: ({ doc }) => this.decorations(binding, doc),
        handleDOMEvents: { beforeinput: (view, event) => this.refusesInput(view, event as InputEvent) },
        handleKeyDown: (view, event) => {
          if (view.composing || !editable()) return false;
          if (event.key === "Backspace" || event.key === "Delete")
            return this.refusesDeletion(view.state, binding, event.key === "Delete" ? 1 : -1);
          return (
            event.key === "Enter" &&
            !(event.ctrlKey || event.metaKey || event.altKey) &&
            enter(view.state, view.dispatch, view)
          );
        },
      },
    });
  }

  /** Else the browser would try, with styles of its own, before what it did is taken back. */
  private refusesDeletion(state: EditorState, binding: Binding, direction: 1 | -1): boolean {
    const { doc, selection } = state;
    const { $from, empty } = selection;
    const locked = (index: number) => this.has(binding.ids.at(index));
    const here = $from.index(0);
    let touches = false;
    if (!empty) {
      touches = this.touchedBy(state, binding);
    } else {
      const atEdge = $from.parentOffset === (direction === 1 ? $from.parent.content.size : 0);
      const other = atEdge ? doc.maybeChild(here + direction) : null;
      const joins = other !== null && other.content.size > 0 && $from.parent.content.size > 0;
      touches = atEdge ? joins && (locked(here) || locked(here + direction)) : locked(here);
    }
    if (touches) this.onRefused("locked");
    return touches;
  }

  /** Whether a composition that is about to begin would write into a locked paragraph. */
  refusesComposition(view: EditorView): boolean {
    const selection = document.getSelection();
    if (selection === null || selection.rangeCount === 0) return false;
    return touched(view.dom, selection.getRangeAt(0)).some(isLocked);
  }
  /** What input methods, menus, spell-checkers and other programs write: what no key announces. */
  private refusesInput(view: EditorView, event: InputEvent): boolean {
    const breaks = event.inputType === "insertParagraph" || event.inputType === "insertLineBreak";
    if (!event.inputType.startsWith("insert") || breaks) return false;
    const reached = event.getTargetRanges().flatMap((range) => touched(view.dom, range));
    if (!reached.some(isLocked)) return false;
    this.onRefused("locked");
    if (event.cancelable) event.preventDefault();
    else closeFor(view, reached);
    return true;
  }
  /** Whether the selection touches a locked paragraph. */
  touchedBy({ selection }: EditorState, { ids }: Binding): boolean {
    const [from, to] = [selection.$from.index(0), selection.$to.index(0)];
    for (let index = from; index <= to; index++) if (this.has(ids.at(index))) return true;
    return false;
  }

  private indices({ ids }: Binding): number[] {
    return [...this.locked.keys()].flatMap((id) => ids.indexOf(id) ?? []);
  }

  /** Enter at an edge of a locked paragraph opens one beside it, and goes there: nothing can be written in this one. */
  private enter(binding: Binding): Command {
    return (state, dispatch) => {
      const { $from, empty } = state.selection;
      const index = $from.index(0);
      if (!empty || !this.has(binding.ids.at(index))) return false;
      const atEnd = $from.parentOffset === $from.parent.content.size;
      const atStart = $from.parentOffset === 0 && index > 0;
      if (!atEnd && !atStart) {
        // The first "\n" cannot move (T1): what came before it would take this paragraph's own.
        this.onRefused($from.parentOffset === 0 ? "first" : "locked");
        return true;
      }
      const at = atEnd ? $from.after() : $from.before();
      const attrs = attributesOf($from.parent);
      const tr = state.tr.insert(at, paragraph(following(attrs, atEnd), ""));
      dispatch?.(tr.setSelection(TextSelection.create(tr.doc, at + 1)).scrollIntoView());
      return true;
    };
  }

  private decorations(binding: Binding, doc: Transaction["doc"]): DecorationSet {
    const of = [doc, binding.ids.all()];
    if (this.drawn?.of.every((each, i) => each === of[i])) return this.drawn.set;
    const wanted = new Map<number, Record<string, string>>();
    for (const [id, { status }] of this.locked) {
      const index = binding.ids.indexOf(id);
      if (index !== undefined) wanted.set(index, { "data-lock": status });
    }
    const focus = this.focus === null ? undefined : binding.ids.indexOf(this.focus);
    if (focus !== undefined) wanted.set(focus, { ...wanted.get(focus), "data-focus": "" });
    const list: Decoration[] = [];
    if (wanted.size > 0)
      doc.forEach((node, position, index) => {
        const attrs = wanted.get(index);
        if (attrs) list.push(Decoration.node(position, position + node.nodeSize, attrs));
      });
    const set = DecorationSet.create(doc, list);
    this.drawn = { of, set };
    return set;
  }
}
