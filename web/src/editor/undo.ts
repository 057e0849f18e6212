/** Undo and redo of one's own edits, through Yjs: what others did meanwhile stays. */
import type { EditorState, Selection } from "prosemirror-state";
import * as Y from "yjs";
import { type Anchored, anchored, findSelection } from "./anchored";
import type { Binding, LocalListener } from "./binding";
import type { Locks } from "./locks";
import { reaches } from "./reach";

const SELECTION = "selection";

export class Undo implements LocalListener {
  private readonly manager: Y.UndoManager;
  private selection: Anchored | null = null;
  /** Paragraph of the last local change. */
  private paragraph: string | null = null;

  constructor(
    private readonly binding: Binding,
    captureTimeout = 500,
    private readonly locks: Pick<Locks, "ids" | "tell"> | null = null,
  ) {
    this.manager = new Y.UndoManager([binding.text, binding.map], {
      trackedOrigins: new Set([binding]),
      captureTimeout,
    });
    this.manager.on("stack-item-added", ({ stackItem }) => {
      stackItem.meta.set(SELECTION, this.selection);
    });
    binding.listen(this);
  }

  destroy(): void {
    this.manager.destroy();
  }

  canUndo = (): boolean => this.manager.canUndo();
  canRedo = (): boolean => this.manager.canRedo();
  undo = (): boolean => this.step(this.manager.undoStack, () => this.manager.undo());
  redo = (): boolean => this.step(this.manager.redoStack, () => this.manager.redo());

  /** Steps that reach into locked paragraphs are dropped: they could not be taken, and nobody would take them (W4). */
  private step(stack: Y.UndoManager["undoStack"], act: () => unknown): boolean {
    for (let last = stack.at(-1); last !== undefined; last = stack.at(-1)) {
      if (this.locks !== null && reaches(this.binding, last, this.locks.ids)) {
        this.drop(stack, this.locks);
        return false;
      }
      // Yjs goes on by itself from a step without effect to the one below, which nobody has looked at.
      const below = stack.splice(0, stack.length - 1);
      const done = this.pop(act);
      stack.unshift(...below);
      if (done) return true;
    }
    return false;
  }
  private drop(stack: Y.UndoManager["undoStack"], locks: Pick<Locks, "ids" | "tell">): void {
    for (let last = stack.at(-1); last && reaches(this.binding, last, locks.ids); last = stack.at(-1)) stack.pop();
    locks.tell();
  }

  /** One step of undo never spans two paragraphs. */
  before(state: EditorState): void {
    const paragraph = this.binding.ids.at(state.selection.$head.index(0));
    if (paragraph !== this.paragraph) this.manager.stopCapturing();
    this.paragraph = paragraph;
    // Walking to an anchor costs as much as the keystroke: only where a step begins.
    const { lastChange, captureTimeout, undoStack } = this.manager;
    if (lastChange === 0 || Date.now() - lastChange >= captureTimeout || undoStack.length === 0)
      this.selection = anchored(this.binding, state);
  }

  /**
   * Undoing a deletion makes new characters (B3), a new "\n" with a new id included: its attributes are written again
   * under that. Not undoable itself: the paragraph's going makes them mean nothing.
   */
  revive(origin: unknown): void {
    const item = this.manager.currStackItem;
    if (origin !== this.manager || item === null) return;
    const { doc, map } = this.binding;
    doc.transact((transaction) => {
      Y.iterateDeletedStructs(transaction, item.deletions, (struct) => {
        for (const [old, id] of revived(struct)) {
          const attrs = map.get(old);
          if (attrs !== undefined) map.set(id, attrs);
        }
      });
    }, "revive");
  }

  private pop(act: () => unknown): boolean {
    this.selection = anchored(this.binding, this.binding.host.state);
    this.paragraph = null;
    let restored: Selection | null = null;
    const onPopped = ({ stackItem }: { stackItem: { meta: Map<unknown, unknown> } }) => {
      const selection = stackItem.meta.get(SELECTION) as Anchored | null;
      restored = selection && findSelection(this.binding, selection);
    };
    this.manager.on("stack-item-popped", onPopped);
    const done = act() !== null;
    this.manager.off("stack-item-popped", onPopped);
    const { state } = this.binding.host;
    if (done && restored !== null) this.binding.dispatch(state.tr.setSelection(restored).scrollIntoView());
    return done;
  }
}

/** Old and new ids of the "\n" that came back with a deleted struct. */
function revived(struct: Y.Item | Y.GC): [string, string][] {
  if (!(struct instanceof Y.Item) || !(struct.content instanceof Y.ContentString)) return [];
  const { redone } = struct as { redone: Y.ID | null };
  if (redone === null) return [];
  const out: [string, string][] = [];
  [...struct.content.str.matchAll(/\n/g)].forEach(({ index }) => {
    out.push([`${struct.id.client}-${struct.id.clock + index}`, `${redone.client}-${redone.clock + index}`]);
  });
  return out;
}
