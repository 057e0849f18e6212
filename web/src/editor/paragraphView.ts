/** A paragraph in the DOM: one element for its life, so that what hangs on its id (anchors, scrolling) holds. */
import type { Node } from "prosemirror-model";
import { Plugin } from "prosemirror-state";
import type { EditorView, NodeView, ViewMutationRecord } from "prosemirror-view";
import { type Attributes, attributesOf } from "./schema";

export const anchorOf = (id: string): string => `p-${id}`;

/** The page's own title is the only heading of level 1. */
function headingLevel({ kind, level }: Attributes): number | null {
  if (kind === "title") return 2;
  return kind === "heading" ? Math.min(level + 2, 6) : null;
}

function set(element: HTMLElement, name: string, value: string | null): void {
  if (value === null) element.removeAttribute(name);
  else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

class ParagraphView implements NodeView {
  readonly dom = document.createElement("p");
  readonly contentDOM = this.dom;

  constructor(private node: Node) {
    this.dom.dir = "auto";
    this.dress();
  }
  update(node: Node): boolean {
    if (node.type !== this.node.type) return false;
    const same = node.attrs === this.node.attrs;
    this.node = node;
    if (!same) this.dress();
    return true;
  }
  /** Attributes are ours and the page's; only text is read back from the DOM. */
  ignoreMutation(mutation: ViewMutationRecord): boolean {
    return mutation.type === "attributes";
  }

  private dress(): void {
    const attrs = attributesOf(this.node);
    const heading = headingLevel(attrs);
    set(this.dom, "data-kind", attrs.kind);
    set(this.dom, "data-level", String(attrs.level));
    set(this.dom, "data-label", attrs.label);
    set(this.dom, "role", heading === null ? null : "heading");
    set(this.dom, "aria-level", heading === null ? null : String(heading));
  }
}

/** Gives each paragraph's element the DOM id `p-<id>`. */
export class Anchors {
  private shown: readonly string[] = [];
  private fresh = false;

  /** For `EditorView.nodeViews`. */
  readonly paragraph = (node: Node): NodeView => {
    this.fresh = true;
    return new ParagraphView(node);
  };

  /** `ids` answers the same array until an id changed. */
  plugin(ids: () => readonly string[]): Plugin {
    const update = (view: EditorView) => this.update(view, ids());
    return new Plugin({
      view(view) {
        update(view);
        return { update };
      },
    });
  }

  private update({ dom }: EditorView, ids: readonly string[]): void {
    if (ids === this.shown && !this.fresh) return;
    ids.forEach((id, index) => {
      const element = dom.children[index];
      if (element && element.id !== anchorOf(id)) element.id = anchorOf(id);
    });
    this.shown = ids;
    this.fresh = false;
  }
}
