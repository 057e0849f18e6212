/** What the page holds of the editor. */
import type { Plugin } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import type { Awareness } from "y-protocols/awareness";
import type * as Y from "yjs";
import type { LockedParagraphs, Refusal } from "./locks";
import type { Attributes, Kind, MarkName } from "./schema";

/** A participant whose caret stands in a paragraph; names are the server's (W6). */
export interface Editing {
  readonly name: string;
  readonly delegation: string | null;
}

/** A paragraph as it stands on the page. */
export interface PageParagraph extends Attributes {
  /** T2: the CRDT id of its "\n". */
  readonly id: string;
  readonly index: number;
  readonly text: string;
}

/** Where the caret is, for toolbars. */
export interface Caret {
  readonly paragraph: string;
  readonly attributes: Attributes;
  readonly marks: readonly MarkName[];
  readonly empty: boolean;
}

export interface EditorOptions {
  readonly mount: HTMLElement;
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  readonly editable: boolean;
  /** Accessible name of the text. */
  readonly label: string;
  /** How a participant's caret is labelled and coloured (`className` may name a hue). */
  show?(user: Editing): { readonly label: string; readonly className: string };
  /** What a bracket that one puts round words begins with, such as `KAZ: `. */
  readonly bracketTag?: string;
  /** ProseMirror plugins of the page's own, such as shading of brackets. */
  readonly plugins?: readonly Plugin[];
  onCaret?(caret: Caret | null): void;
  /** Paragraphs came, went, moved, changed their kind or their text. */
  onChange?(): void;
  /** Who is editing which paragraph, by paragraph id; others only. */
  onEditing?(editing: ReadonlyMap<string, readonly Editing[]>): void;
  /** While true, remote updates should wait: `connection.hold`. */
  onComposing?(composing: boolean): void;
  /** Something was not done because it would have changed a locked paragraph, or stood before the first one. */
  onLocked?(why: Refusal): void;
  /** Escape: the page moves the focus. */
  onLeave?(): void;
}

export interface Editor {
  readonly view: EditorView;
  destroy(): void;
  setEditable(editable: boolean): void;
  /** By paragraph id: what nobody can change (W4); and the paragraph that the chair shows everybody. */
  setLocks(locked: LockedParagraphs, focus: string | null): void;
  focus(): void;
  /** After a rebuild of the document: same page, another document. */
  rebind(doc: Y.Doc, awareness: Awareness): void;
  paragraphs(): readonly PageParagraph[];
  /** Of each `[` in the text, in its order (T2). */
  bracketIds(): readonly string[];
  /** The DOM element of a paragraph; its DOM id is `p-<id>`. */
  element(id: string): HTMLElement | null;
  /** Puts the caret at the paragraph's start and scrolls it into view. */
  goTo(id: string): void;
  toggleMark(name: MarkName): void;
  setKind(kind: Kind): void;
  setLevel(level: number): void;
  setLabel(label: string | null): void;
  /** Selects a stretch of a paragraph, in UTF-16 units of its text, and scrolls it into view. */
  show(id: string, from: number, to: number): void;
  /** Takes characters out at a place in a paragraph and puts others there, as one edit. */
  replace(id: string, at: number, remove: number, insert: string): void;
  /** Puts "[" and "]" round the selection. */
  bracket(): void;
  undo(): void;
  redo(): void;
  canUndo(): boolean;
  canRedo(): boolean;
}
