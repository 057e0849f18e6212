/** A document's connection: comes back by itself, loses nothing that was typed, and says only what is true (W1–W7). */
import { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import { backoff } from "./backoff";
import { FINAL, MALFORMED, REBUILD } from "./codes";
import type { Connection, ConnectOptions, Events } from "./connection";
import { Emitter } from "./emitter";
import { Inlet } from "./inlet";
import { Link } from "./link";
import type { Refused, Saved, ServerJson } from "./messages";
import { Outbox } from "./outbox";
import { carryOver, isLasting, returned, setAside, trayItem } from "./rebuild";
import { dropCopies, type Twin, wordsOf } from "./salvage";
import type { State, Status } from "./status";
import { Tray, type TrayItem } from "./tray";
import { Voice } from "./voice";

/** The server says something every 15 s; after this silence (ms) the line is dead. */
const SILENCE = 35_000;
/** How long a rebuild waits until all that was sent is judged. */
const JUDGEMENT = 3_000;
/** A connection that lasted this long ends the back-off. */
const STEADY = 10_000;
/** After so many rebuilds within a minute nothing is put back any more: everything goes to the tray. */
const REBUILDS = 3;
const MINUTE = 60_000;

type Timer = ReturnType<typeof setTimeout>;

/** Where the connection stands; each phase has its own fields. */
type Phase =
  | { readonly name: "waiting"; readonly timer: Timer | null }
  | { readonly name: "linking"; readonly link: Link }
  | { readonly name: "live"; readonly link: Link; readonly since: number }
  | { readonly name: "final"; readonly code: number };

const pageUrl = (documentId: string) =>
  `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/documents/${documentId}`;

export const connect = (options: ConnectOptions): Connection => new DocumentConnection(options);

class DocumentConnection implements Connection {
  doc = new Y.Doc();
  status: Status = { state: "opening", unsaved: 0, kept: true };
  readonly opened: Promise<void>;
  private resolveOpened: () => void = () => undefined;
  private isOpen = false;
  private voice: Voice;
  private phase: Phase = { name: "waiting", timer: null };
  private attempt = 0;
  private readonly outbox = new Outbox(() => this.tellStatus());
  private readonly emitter = new Emitter<Events>();
  private readonly aside = new Tray(this.outbox, (items) => this.emitter.emit("tray", items));
  private adopted: readonly Uint8Array[] = [];
  private savedAt: Date | undefined;
  private savingHeld = false;
  private readonly: boolean;

  private readonly inlet = new Inlet();

  /** A refusal asks for a fresh document: all that was sent is being judged, then it is being loaded. */
  private rebuild: "no" | "judging" | "loading" = "no";
  private judgement: Timer | undefined;
  private rebuilds: number[] = [];
  private settled = new Set<Uint8Array>();
  private twins: readonly Twin[] = [];

  private readonly watch: ReturnType<typeof setInterval>;

  constructor(private readonly options: ConnectOptions) {
    this.readonly = options.readonly ?? false;
    this.voice = new Voice(new Awareness(this.doc), this.readonly);
    this.opened = new Promise((resolve) => {
      this.resolveOpened = resolve;
    });
    this.doc.on("update", this.onUpdate);
    this.watch = setInterval(() => this.lookForSilence(), SILENCE / 7);
    window.addEventListener("online", this.onOnline);
    window.addEventListener("offline", this.onOffline);
    void this.start();
  }
  private async start(): Promise<void> {
    const [adopted, tray] = await this.outbox.open(this.options.participantId, this.options.documentId);
    if (this.phase.name === "final") return;
    this.adopted = adopted;
    this.aside.load(tray);
    this.dial();
  }

  get awareness(): Awareness {
    return this.voice.awareness;
  }
  on<Name extends keyof Events>(name: Name, listener: (value: Events[Name]) => void): () => void {
    return this.emitter.on(name, listener);
  }
  retry(): void {
    if (this.phase.name !== "waiting" || this.phase.timer === null) return;
    clearTimeout(this.phase.timer);
    this.dial();
  }
  close(): void {
    this.end(1000);
    clearInterval(this.watch);
    window.removeEventListener("online", this.onOnline);
    window.removeEventListener("offline", this.onOffline);
    this.doc.off("update", this.onUpdate);
    this.voice.destroy();
    this.outbox.close();
  }
  setReadonly(readonly: boolean): void {
    this.readonly = readonly;
    this.voice.setSilent(readonly);
    this.tellStatus();
  }
  get tray(): readonly TrayItem[] {
    return this.aside.items;
  }
  dismiss(id: string): Promise<void> {
    return this.aside.dismiss(id);
  }
  hold(composing: boolean): void {
    this.inlet.hold(composing);
  }

  // The line

  private dial(): void {
    const fresh = this.rebuild === "loading";
    const target = fresh ? new Y.Doc() : this.doc;
    const url = `${this.options.url ?? pageUrl(this.options.documentId)}?v=1`;
    const link: Link = new Link(
      url,
      this.options.open ?? ((to) => new WebSocket(to)),
      () => Y.encodeStateVector(target),
      {
        answer: () => this.outbox.answer(fresh),
        synced: (update) => this.inlet.pass(() => this.synced(link, target, update)),
        update: (update) => this.inlet.pass(() => this.receive(target, update)),
        awareness: (update) => {
          if (!fresh || target === this.doc) this.voice.hear(update);
        },
        json: (json) => this.hear(json),
        closed: (code) => this.closed(link, code),
      },
    );
    this.phase = { name: "linking", link };
    this.tellStatus();
  }
  private current(link: Link): boolean {
    return (this.phase.name === "linking" || this.phase.name === "live") && this.phase.link === link;
  }
  private synced(link: Link, target: Y.Doc, update: Uint8Array): void {
    this.receive(target, update);
    if (!this.current(link)) return;
    this.phase = { name: "live", link, since: Date.now() };
    if (target !== this.doc) this.takeOver(target);
    this.showAdopted();
    this.isOpen = true;
    this.resolveOpened();
    this.outbox.attach(link);
    this.voice.attach(link);
    this.tellStatus();
  }
  private showAdopted(): void {
    for (const each of this.adopted) Y.applyUpdate(this.doc, each, this);
    this.adopted = [];
  }
  private receive(target: Y.Doc, update: Uint8Array): void {
    Y.applyUpdate(target, update, this);
    if (this.twins.length > 0 && target === this.doc) this.twins = dropCopies(target, this.twins);
  }
  private closed(link: Link, code: number): void {
    if (!this.current(link)) return;
    if (this.phase.name === "live" && Date.now() - this.phase.since >= STEADY) this.attempt = 0;
    this.voice.detach();
    this.outbox.detach();
    this.savingHeld = false;
    if (FINAL.has(code)) {
      if (code === MALFORMED) this.giveUp();
      this.end(code);
      return;
    }
    if (code === REBUILD) this.wantRebuild();
    // Nothing more of this socket will be judged; what is in doubt, the fresh document tells.
    const rebuilding = this.rebuild === "judging";
    if (rebuilding) this.rebuild = "loading";
    this.wait(rebuilding && code !== REBUILD ? 0 : backoff(this.attempt++, (this.options.random ?? Math.random)()));
  }
  private wait(delay: number): void {
    this.phase = { name: "waiting", timer: setTimeout(() => this.dial(), delay) };
    this.tellStatus();
  }
  private end(code: number): void {
    const { phase } = this;
    this.phase = { name: "final", code };
    if (phase.name === "waiting" && phase.timer !== null) clearTimeout(phase.timer);
    if (phase.name === "linking" || phase.name === "live") phase.link.close();
    clearTimeout(this.judgement);
    this.tellStatus();
  }
  private lookForSilence(): void {
    const { phase } = this;
    if (phase.name !== "linking" && phase.name !== "live") return;
    if (Date.now() - phase.link.heard >= SILENCE) phase.link.close();
    // Yjs holds back what builds on something that it has not got.
    else if (phase.name === "live" && this.doc.store.pendingStructs !== null)
      phase.link.ask(Y.encodeStateVector(this.doc));
  }
  private readonly onOnline = (): void => this.retry();
  private readonly onOffline = (): void => {
    if (this.phase.name === "linking" || this.phase.name === "live") this.phase.link.close();
  };

  // What is typed here, and what becomes of it

  private readonly onUpdate = (update: Uint8Array, origin: unknown): void => {
    // A reader's page tidies up formatting, too; nobody needs to hear of it (W4).
    if (origin !== this && !this.readonly) this.outbox.add(update);
  };
  private hear(json: ServerJson): void {
    switch (json.type) {
      case "saved":
        this.onSaved(json);
        break;
      case "refused":
        this.onRefused(json);
        break;
      case "event":
        if (json.kind === "saving_held" || json.kind === "saving_resumed") {
          this.savingHeld = json.kind === "saving_held";
          this.tellStatus();
        }
        this.emitter.emit("event", json);
        break;
      case "welcome":
        this.emitter.emit("welcome", json);
        break;
      case "presence":
        this.emitter.emit("presence", json);
        break;
    }
  }
  private onSaved({ updates, step2 }: Saved): void {
    this.outbox.saved(updates, step2);
    this.savedAt = new Date();
    this.tellStatus();
    if (this.rebuild === "judging" && this.outbox.settled) this.drop();
  }
  private onRefused(refused: Refused): void {
    const message = refused.update ?? 0;
    if (isLasting(refused.reason)) {
      for (const update of this.outbox.message(message)) this.settled.add(update);
      this.aside.add(returned(refused));
    } else {
      this.outbox.refused(message);
    }
    // Too fast: the same edits may be sent again when the server lets us back in.
    if (refused.reason !== "too_fast") this.wantRebuild();
  }

  // Another document in place of this one

  private wantRebuild(): void {
    if (this.rebuild !== "no") return;
    this.rebuild = "judging";
    this.outbox.detach();
    clearTimeout(this.judgement);
    this.judgement = setTimeout(() => this.drop(), JUDGEMENT);
  }
  /** All that was sent is judged: the fresh document will tell what was taken. */
  private drop(): void {
    clearTimeout(this.judgement);
    if (this.rebuild === "judging" && (this.phase.name === "linking" || this.phase.name === "live"))
      this.phase.link.close();
  }
  private takeOver(fresh: Y.Doc): void {
    const old = this.doc;
    const now = Date.now();
    // Refused before it was ever shown: what earlier pages left stands on the server's text.
    if (!this.isOpen) Y.applyUpdate(old, Y.encodeStateAsUpdate(fresh), this);
    this.showAdopted();
    this.rebuilds = [...this.rebuilds.filter((at) => now - at < MINUTE), now];
    const legacy = { old, fresh, waiting: this.outbox.waiting, settled: this.settled };
    const carried = this.rebuilds.length > REBUILDS ? setAside(legacy) : carryOver(legacy);
    this.aside.add(carried.tray);
    this.outbox.replace(carried.updates);
    this.twins = carried.twins;
    this.settled = new Set();
    this.rebuild = "no";
    this.bind(fresh);
    old.destroy();
  }
  private bind(fresh: Y.Doc): void {
    this.doc.off("update", this.onUpdate);
    this.voice.destroy();
    this.doc = fresh;
    this.voice = new Voice(new Awareness(fresh), this.readonly);
    fresh.on("update", this.onUpdate);
    this.emitter.emit("doc", { doc: fresh, awareness: this.voice.awareness });
  }
  /** The server cannot read what this page sends: sending it again would end every page to come. */
  private giveUp(): void {
    const text = wordsOf(this.outbox.waiting);
    if (text !== "") this.aside.add([trayItem(text, null, "malformed")]);
    this.outbox.replace([]);
  }

  // What the page may say

  private state(): State {
    const { phase } = this;
    if (phase.name === "final") return FINAL.get(phase.code) ?? "offline";
    if (phase.name !== "live") {
      if (this.attempt > 0) return "offline";
      return this.isOpen ? "saving" : "opening";
    }
    if (this.savingHeld) return "held";
    if (this.outbox.unsaved > 0) return "saving";
    return this.readonly ? "readonly" : "saved";
  }
  private tellStatus(): void {
    const { phase, savedAt } = this;
    const status: Status = {
      state: this.state(),
      unsaved: this.outbox.unsaved,
      kept: this.outbox.kept,
      ...(savedAt === undefined ? {} : { at: savedAt }),
      ...(phase.name === "final" ? { code: phase.code } : {}),
    };
    if (JSON.stringify(status) === JSON.stringify(this.status)) return;
    this.status = status;
    this.emitter.emit("status", status);
  }
}
