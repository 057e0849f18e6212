import { effect, type Signal, signal } from "@preact/signals";
import type { Plugin } from "prosemirror-state";

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
import { quoted } from "./comments/quoted";
import { gutter } from "./gutter";
import { type Frozen, frozenOf, type Locks, locksAfter, locksOf } from "./lockState";
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
  bracketTag: string;
};

/** A part of the page that looks into the text as it is written. */
export interface Extension {
  readonly plugins: readonly Plugin[];
  /** After every change. */
  changed(): void;
}

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
  /** What stands at the side of the text. */
  readonly rail = signal<"outline" | "brackets" | "history">("outline");
  /** Whether one is told whose the words under the pointer and at the caret are. */
  readonly whose = signal(false);
  readonly caret = signal<Caret | null>(null);
  readonly editing = signal<ReadonlyMap<string, readonly Editing[]>>(new Map());
  /** The paragraph to which the chair has drawn everybody's attention. */
  readonly focus = signal<string | null>(null);
  /** The bracket in it that the chair calls. */
  readonly focusBracket = signal<string | null>(null);
  readonly locks = signal<Locks>(new Map());
  readonly frozen: Signal<boolean>;
  /** Why it is frozen, where the chair said so. */
  readonly frozenReason = signal<string | null>(null);
  readonly follows: Signal<boolean>;
  /** What the chair is about to settle. */
  readonly asked = signal<Asked | null>(null);
  readonly connection: Connection;
  readonly participantId: string;
  editor: Editor | undefined;

  readonly delegations: readonly Delegation[];
  readonly codes: ReadonlySet<string>;
  private readonly names: ReadonlyMap<string, string>;
  private readonly extensions: Extension[] = [];
  /** What the brackets that one makes by command begin with: one's delegation. */
  private readonly bracketTag: string;
  private waiting: ReturnType<typeof setTimeout> | undefined;
  private readonly endings: (() => void)[] = [];

  constructor({ documentId, participantId, readonly, frozen, follows, delegations, bracketTag }: LiveOptions) {
    this.participantId = participantId;
    this.frozen = signal(frozen);
    this.follows = signal(follows);
    this.delegations = delegations;
    this.bracketTag = bracketTag;
    this.codes = new Set(delegations.map(({ code }) => code));
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
        if (welcome.focus === null) this.focusBracket.value = null;
        this.locks.value = locksOf(welcome);
        this.freeze(frozenOf(welcome));
      }),
      on("event", (event) => {
        this.locks.value = locksAfter(this.locks.value, event);
        if (event.kind === "freeze") this.freeze(event.data as Frozen);
      }),
      effect(() => this.showLocks(this.locks.value, this.focus.value)),
      on("event", ({ kind, data }) => {
        if (kind !== "focus") return;
        const { paragraph, bracket } = data as { paragraph: string | null; bracket?: string | null };
        this.focus.value = paragraph;
        this.focusBracket.value = bracket ?? null;
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
      onChange: () => {
        this.drawSoon();
        this.tell();
      },
      onEditing: (editing) => {
        this.editing.value = editing;
      },
      onComposing: (composing) => this.connection.hold(composing),
      onLocked: (why) => announce(why === "first" ? t().locks.refusedBefore : t().locks.refused),
      onLeave,
      plugins: [gutter(), quoted(), ...this.extensions.flatMap(({ plugins }) => plugins)],
      bracketTag: this.bracketTag,
    });
    this.showLocks(this.locks.value, this.focus.value);
    this.draw();
    this.tell();
    return () => {
      this.editor?.destroy();
      this.editor = undefined;
    };
  }

  private showLocks(locks: Locks, focus: string | null): void {
    this.editor?.setLocks(locks, focus);
  }

  private tell(): void {
    for (const { changed } of this.extensions) changed();
  }
  /** Before the text is on the page. */
  extend(extension: Extension): void {
    this.extensions.push(extension);
  }

  private freeze({ frozen, reason }: Frozen): void {
    this.frozen.value = frozen;
    this.frozenReason.value = frozen ? reason : null;
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
