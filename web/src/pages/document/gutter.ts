/** The numbers in the gutter: each paragraph's element bears its number as `data-number`, which the style shows. */
import type { Node } from "prosemirror-model";
import { type EditorState, Plugin } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import { attributesOf, sameAttributes } from "../../editor/schema";
import { numbers } from "./numbering";

/**
 * So many elements get another number in one go, for each is laid out anew: 0.3 ms. Enter gives its own paragraph its
 * number; those after it get theirs before one has looked up, 8 every other frame.
 */
const A_GO = 8;
const PAUSE = 16;

/** For the editor's plugins. */
export const gutter = (): Plugin => new Plugin({ view: (view) => new Gutter(view) });

class Gutter {
  private wanted: readonly string[] = [];
  private next: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly view: EditorView) {
    this.count();
    this.write(0, Number.POSITIVE_INFINITY);
  }
  update(_: EditorView, before: EditorState): void {
    const from = firstDifference(before.doc, this.view.state.doc);
    if (from !== null) {
      this.count();
      this.write(from, 1);
    }
    this.sweepLater(); // elements may have been made anew, too
  }
  destroy(): void {
    clearTimeout(this.next);
  }

  private count(): void {
    this.wanted = numbers(this.view.state.doc.children.map(attributesOf));
  }
  private sweepLater(): void {
    this.next ??= setTimeout(() => {
      this.next = undefined;
      if (!this.write(0, A_GO)) this.sweepLater();
    }, PAUSE);
  }
  /** At most so many elements from that one on; whether these were all. */
  private write(from: number, count: number): boolean {
    const { children } = this.view.dom;
    let left = count;
    for (let index = from; index < this.wanted.length; index++) {
      const element = children[index];
      const number = this.wanted[index] as string;
      if (element === undefined || (element.getAttribute("data-number") ?? "") === number) continue;
      if (left-- === 0) return false;
      if (number === "") element.removeAttribute("data-number");
      else element.setAttribute("data-number", number);
    }
    return true;
  }
}

/** Index of the first paragraph that may be called otherwise; null: none is. */
function firstDifference(before: Node, now: Node): number | null {
  if (before === now) return null;
  const common = Math.min(before.childCount, now.childCount);
  const moved = before.childCount !== now.childCount;
  for (let index = 0; index < common; index++) {
    const [one, other] = [before.child(index), now.child(index)];
    if (one !== other && (moved || !sameAttributes(attributesOf(one), attributesOf(other)))) return index;
  }
  return moved ? common : null;
}
