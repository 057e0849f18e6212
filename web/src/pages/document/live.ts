import { effect, type Signal, signal } from "@preact/signals";

import type { Delegation, Role } from "../../api";
import type { Connection } from "../../connection/connection";
import { connect } from "../../connection/provider";
import type { Status } from "../../connection/status";
import type { TrayItem } from "../../connection/tray";
import { createEditor } from "../../editor/editor";
import type { Caret, Editing, Editor, PageParagraph } from "../../editor/interface";
import { announce } from "../../parts/announcer";
import { hueOf } from "../../parts/hue";
import { t } from "../../text/language";
import { gutter } from "./gutter";
import { frozenOf, type Locks, locksAfter, locksOf } from "./lockState";
import type { Asked } from "./settling";
import type { View } from "./tabs";

/** Somebody who has the document open. */
export type Online = { id: string; name: string; role: Role; delegation: string | null };

const OUTLINE_WAITS = 200; // milliseconds: what is drawn beside the text follows at this pace, never at each keystroke

type LiveOptions = {
  documentId: string;
  participantId: string;
  readonly: boolean;
  frozen: boolean;
  /** Whether one is taken where the chair is, until one chooses otherwise. */
  follows: boolean;
  delegations: readonly Delegation[];
};

export const BEGINNING = 90; // characters of a paragraph that anything beside the text may show

function beginAlike(before: readonly PageParagraph[], now: readonly PageParagraph[]): boolean {
  const alike = (one: PageParagraph, other: PageParagraph | undefined) =>
    one.id === other?.id &&
    one.kind === other.kind &&
    one.level === other.level &&
    one.label === other.label &&
    one.text.slice(0, BEGINNING) === other.text.slice(0, BEGINNING);
  return before.length === now.length && now.every((one, index) => alike(one, before[index]));
}

/** A document that is open on the page: its connection, its editor, and what the parts of the page draw of them. */
export class Live {
  readonly status: Signal<Status>;
  readonly opened = signal(false);
  readonly tray = signal<readonly TrayItem[]>([]);
  readonly online = signal<readonly Online[]>([]);
  readonly observers = signal(0);
  /** As they begin: what is written further on in one draws nothing anew, and may not stand here yet. */
  readonly paragraphs = signal<readonly PageParagraph[]>([]);
  /** What a page without room for all of it shows. */
  readonly view = signal<View>("text");
  readonly caret = signal<Caret | null>(null);
  readonly editing = signal<ReadonlyMap<string, readonly Editing[]>>(new Map());
  /** The paragraph to which the chair has drawn everybody's attention. */
  readonly focus = signal<string | null>(null);
  readonly locks = signal<Locks>(new Map());
  readonly frozen: Signal<boolean>;
  readonly follows: Signal<boolean>;
  /** What the chair is about to settle. */
  readonly asked = signal<Asked | null>(null);
  readonly connection: Connection;
  readonly participantId: string;
  editor: Editor | undefined;

  private readonly names: ReadonlyMap<string, string>;
  private waiting: ReturnType<typeof setTimeout> | undefined;
  private readonly endings: (() => void)[] = [];

  constructor({ documentId, participantId, readonly, frozen, follows, delegations }: LiveOptions) {
    this.participantId = participantId;
    this.frozen = signal(frozen);
    this.follows = signal(follows);
    this.names = new Map(delegations.map(({ code, name }) => [code, name]));
    this.connection = connect({ documentId, participantId, readonly });
    this.status = signal(this.connection.status);
    this.tray.value = this.connection.tray;
    void this.connection.opened.then(() => {
      this.opened.value = true;
    });
    this.listen();
  }

  private listen(): void {
    const on = this.connection.on.bind(this.connection);
    this.endings.push(
      on("status", (status) => {
        this.status.value = status;
      }),
      on("tray", (items) => {
        this.tray.value = items;
      }),
      on("presence", ({ online, observers }) => {
        this.online.value = online as readonly Online[];
        this.observers.value = observers;
      }),
      on("welcome", (welcome) => {
        this.focus.value = welcome.focus;
        this.locks.value = locksOf(welcome);
        this.frozen.value = frozenOf(welcome);
      }),
      on("event", (event) => {
        this.locks.value = locksAfter(this.locks.value, event);
        if (event.kind === "freeze") this.frozen.value = (event.data as { frozen: boolean }).frozen;
      }),
      effect(() => this.showLocks(this.locks.value, this.focus.value)),
      on("event", ({ kind, data }) => {
        if (kind === "focus") this.focus.value = (data as { paragraph: string | null }).paragraph;
      }),
      on("doc", ({ doc, awareness }) => {
        this.editor?.rebind(doc, awareness);
        this.draw();
      }),
    );
  }

  /** Puts the text on the page. Returns how to take it off. */
  mount(element: HTMLElement, label: string, editable: boolean, onLeave: () => void): () => void {
    this.editor = createEditor({
      mount: element,
      doc: this.connection.doc,
      awareness: this.connection.awareness,
      editable,
      label,
      show: ({ name, delegation }) => ({
        label: delegation ? this.nameOf(delegation) : name,
        className: hueOf(delegation ?? name),
      }),
      onCaret: (caret) => {
        this.caret.value = caret;
      },
      onChange: () => this.drawSoon(),
      onEditing: (editing) => {
        this.editing.value = editing;
      },
      onComposing: (composing) => this.connection.hold(composing),
      onLocked: () => announce(t().locks.refused),
      onLeave,
      plugins: [gutter()],
    });
    this.showLocks(this.locks.value, this.focus.value);
    this.draw();
    return () => {
      this.editor?.destroy();
      this.editor = undefined;
    };
  }

  private showLocks(locks: Locks, focus: string | null): void {
    this.editor?.setLocks(locks, focus);
  }

  /** A delegation's name in this meeting. */
  nameOf(code: string): string {
    return this.names.get(code) ?? code;
  }

  private drawSoon(): void {
    this.waiting ??= setTimeout(() => this.draw(), OUTLINE_WAITS);
  }

  private draw(): void {
    clearTimeout(this.waiting);
    this.waiting = undefined;
    const now = this.editor?.paragraphs() ?? [];
    if (!beginAlike(this.paragraphs.value, now)) this.paragraphs.value = now;
  }

  close(): void {
    clearTimeout(this.waiting);
    for (const end of this.endings) end();
    this.connection.close();
  }
}
