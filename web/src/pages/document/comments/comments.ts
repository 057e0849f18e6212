import { batch, computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import { flushSync } from "preact/compat";
import { Problem, randomKey } from "../../../api";
import type { RoomEvent } from "../../../connection/messages";
import type { PageParagraph } from "../../../editor/interface";
import type { Live } from "../live";
import { paragraphName } from "../lockNames";
import type { By } from "../lockState";
import { numbered } from "../numbering";
import { calls } from "./calls";
import { type Draft, Drafts, NOTHING, type What } from "./drafts";
import { chosen } from "./quoted";
import {
  ALL,
  type Count,
  counted,
  type Filter,
  isOpen,
  matches,
  mayHaveMoved,
  ordered,
  printable,
  type Reader,
  type Thread,
  type Threads,
  type Told,
  threadsAfter,
} from "./thread";
import { Visit } from "./visit";

/** Of a thread that is gone to, what has the focus; "sight": the focus stays where it is. */
export type Part = "thread" | "reply" | "sight";

const AGAIN = 1500; // milliseconds, and up to as many more: all pages see at once that a paragraph went

/** The threads of a document as the page shows them, and what its reader is writing. */
export class Comments {
  readonly threads = signal<Threads>(new Map());
  readonly loaded = signal(false);
  readonly problem = signal<Problem | null>(null);
  readonly filter = signal<Filter>(ALL);
  /** The thread that is being read, or `new/<paragraph>`: it stands level with its paragraph and shows all of itself. */
  readonly reading = signal<string | null>(null);
  /** Where the focus goes as soon as that is drawn. */
  readonly wanted = signal<{ readonly thread: string; readonly part: Part } | null>(null);
  /** Whether the drawer is open, where the margin has no room. */
  readonly drawer = signal(false);
  /** Paragraphs on which a thread is being begun; the number changes when its draft was changed from elsewhere. */
  readonly beginning = signal<ReadonlyMap<string, number>>(new Map());
  /** Threads to which a reply is being written. */
  readonly replying = signal<ReadonlySet<string>>(new Set());
  /** How far down each paragraph begins in the text, and the text in what holds the threads, in pixels. */
  readonly above = signal(0);
  readonly tops = signal<ReadonlyMap<string, number>>(new Map());

  readonly names = computed(() => numbered(this.live.paragraphs.value));
  readonly places: ReadonlySignal<ReadonlyMap<string, number>> = computed(
    () => new Map(this.live.paragraphs.value.map(({ id, index }) => [id, index])),
  );
  /** In the order of the text: those that the filter lets through, and the one that is being read. */
  readonly shown: ReadonlySignal<readonly Thread[]> = computed(() => {
    const { value: filter } = this.filter;
    const all = [...this.threads.value.values()];
    return ordered(
      all.filter((one) => one.id === this.reading.value || matches(one, filter, this.reader)),
      this.places.value,
    );
  });
  readonly counts: ReadonlySignal<ReadonlyMap<string, Count>> = computed(() => counted(this.threads.value.values()));
  readonly unread = computed(() => [...this.threads.value.values()].filter((one) => one.unread).length);
  readonly openOnes = computed(() => [...this.threads.value.values()].filter(isOpen).length);

  private readonly kept: Drafts;
  private readonly drafts: Map<What, Draft>;
  private readonly ends: (() => void)[] = [];
  private early: RoomEvent[] = [];
  private known: ReadonlySet<string> = new Set();
  private loading = false;
  private again: ReturnType<typeof setTimeout> | undefined;
  readonly visit: Visit;
  /** How many comments of a thread one has looked at on this page. */
  private readonly looked = new Map<string, number>();
  /** Seqs of entries that came meanwhile and brought what is unread, by thread. */
  private readonly fresh = new Map<string, number>();

  constructor(
    readonly live: Live,
    readonly documentId: string,
    readonly reader: Reader,
    /** Whether one may write comments here. */
    readonly mayWrite: boolean,
  ) {
    this.kept = new Drafts(reader.id, documentId);
    this.drafts = new Map(this.kept.all());
    this.resume();
    this.visit = new Visit(live, documentId, () => {
      const unseen = Math.min(...this.fresh.values());
      return Number.isFinite(unseen) ? unseen : null;
    });
    const on = live.connection.on.bind(live.connection);
    this.ends.push(
      // Each time the line is there: what came while it was not is in the list, and what comes from now on is told.
      on("welcome", () => void this.load()),
      on("event", (event) => {
        if (event.kind !== "comment") return;
        if (this.loading) this.early.push(event);
        else this.hear(event);
      }),
      effect(() => this.watch(this.live.paragraphs.value)),
    );
  }
  close(): void {
    clearTimeout(this.again);
    this.visit.close();
    for (const end of this.ends) end();
  }

  /** What was being written when the page was left. */
  private resume(): void {
    const [begun, replies] = [new Map<string, number>(), new Set<string>()];
    for (const what of this.drafts.keys()) {
      const [kind, id] = what.split("/") as [string, string];
      if (kind === "new") begun.set(id, 0);
      else if (kind === "reply") replies.add(id);
    }
    this.beginning.value = begun;
    this.replying.value = replies;
  }

  async load(): Promise<void> {
    if (this.loading) return;
    this.loading = true;
    try {
      const all = await calls.threads(this.documentId);
      this.threads.value = new Map(all.map((one) => [one.id, { ...one, unread: this.isUnread(one) }]));
      this.loaded.value = true;
      this.problem.value = null;
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      this.problem.value = problem;
    } finally {
      this.loading = false;
      for (const event of this.early.splice(0)) this.hear(event);
    }
  }

  private isUnread({ id, unread, comments }: Thread): boolean {
    return unread && id !== this.reading.peek() && (this.looked.get(id) ?? 0) < comments.length;
  }
  private hear(event: RoomEvent): void {
    const told = event.data as Told;
    const by = (event.by as By | null)?.id;
    this.threads.value = threadsAfter(this.threads.value, told, by, this.reader, this.reading.value);
    const { id, unread } = this.threads.value.get(told.thread.id) as Thread;
    if (!unread) this.look(id, told.thread.comments.length);
    else if (!this.fresh.has(id)) this.fresh.set(id, event.seq);
  }
  /** What a call was answered with stands on the page at once. */
  private take(thread: Thread): void {
    const unread = this.threads.value.get(thread.id)?.unread ?? false;
    this.threads.value = new Map(this.threads.value).set(thread.id, { ...thread, unread });
  }

  /** Which paragraph a thread follows when one splits, goes or comes back is the server's to say. */
  private watch(paragraphs: readonly PageParagraph[]): void {
    const before = this.known;
    this.known = new Set(paragraphs.map(({ id }) => id));
    if (paragraphs.length === 0 || !this.loaded.peek()) return;
    if (mayHaveMoved(this.threads.peek().values(), paragraphs, before)) this.loadSoon();
  }
  private loadSoon(): void {
    this.again ??= setTimeout(
      () => {
        this.again = undefined;
        void this.load();
      },
      AGAIN * (1 + Math.random()),
    );
  }

  private look(thread: string, comments: number): void {
    this.looked.set(thread, comments);
    this.fresh.delete(thread);
  }
  private read(thread: string): void {
    const known = this.threads.value.get(thread);
    if (known) this.look(thread, known.comments.length);
    if (known?.unread) this.threads.value = new Map(this.threads.value).set(thread, { ...known, unread: false });
  }
  async readAll(): Promise<void> {
    await this.visit.done();
    this.fresh.clear();
    this.threads.value = new Map([...this.threads.value].map(([id, one]) => [id, { ...one, unread: false }]));
  }

  /** Takes the reader to a thread, wherever it stands. */
  goTo(thread: string, part: Part = "thread"): void {
    this.atOnce(() => {
      this.open(thread, { thread, part });
      if (part === "reply") this.replying.value = new Set(this.replying.value).add(thread);
      this.read(thread);
    });
  }
  private open(key: string, wanted: { thread: string; part: Part }): void {
    this.drawer.value = true;
    this.live.view.value = "comments";
    this.reading.value = key;
    this.wanted.value = wanted;
  }
  /** Before the next key is pressed: it must not go into the text. */
  private atOnce(change: () => void): void {
    flushSync(() => batch(change));
  }
  /** Back to the text, where the thread belongs. */
  leave({ paragraph }: Pick<Thread, "paragraph">): void {
    this.reading.value = null;
    this.drawer.value = false;
    this.live.view.value = "text";
    this.live.editor?.goTo(paragraph);
    this.live.editor?.focus();
  }
  /** Shows a thread, and leaves the focus where it is. */
  show(thread: string): void {
    this.atOnce(() => {
      this.open(thread, { thread, part: "sight" });
      this.read(thread);
    });
  }
  /** The next or the previous one of those shown, from this one or from the place in the text. */
  step(by: 1 | -1, from: string | null, thread = this.reading.value): void {
    const { value: shown } = this.shown;
    const at = shown.findIndex(({ id }) => id === thread);
    const next = at >= 0 ? shown[(at + by + shown.length) % shown.length] : this.nearest(by, from);
    if (next) this.goTo(next.id);
  }
  private nearest(by: 1 | -1, from: string | null): Thread | undefined {
    const { value: shown } = this.shown;
    const here = from === null ? 0 : (this.places.value.get(from) ?? 0);
    const placeOf = ({ paragraph }: Thread) => this.places.value.get(paragraph) ?? Number.POSITIVE_INFINITY;
    if (by === 1) return shown.find((one) => placeOf(one) >= here) ?? shown[0];
    return shown.findLast((one) => placeOf(one) < here) ?? shown.at(-1);
  }

  /** Resolved, or open again. */
  async settle({ id, resolved }: Thread): Promise<void> {
    if (resolved === null) await calls.resolve(id);
    else await calls.reopen(id);
  }

  /** What a paragraph is called: its number or its first words. */
  nameOf(paragraph: string): string {
    const number = this.names.value.get(paragraph);
    return number ?? paragraphName(this.live, paragraph);
  }

  draft(what: What): Draft {
    return this.drafts.get(what) ?? NOTHING;
  }
  /** Whether it could be written down; what was sent before under a key is another comment once it is changed. */
  write(what: What, change: Partial<Draft>): boolean {
    const draft = { ...this.draft(what), key: null, ...change };
    this.drafts.set(what, draft);
    return this.kept.keep(what, draft);
  }
  forget(what: What): void {
    this.drafts.delete(what);
    this.kept.forget(what);
    const id = what.slice(what.indexOf("/") + 1);
    if (what.startsWith("new/")) {
      const next = new Map(this.beginning.value);
      next.delete(id);
      this.beginning.value = next;
    } else if (what.startsWith("reply/")) {
      const next = new Set(this.replying.value);
      next.delete(id);
      this.replying.value = next;
    }
  }

  /** Begins a thread; with words, they are added to what is being written there already. */
  begin(
    paragraph: string,
    { quote, words, tray }: { quote?: string | null; words?: string; tray?: string } = {},
  ): void {
    const what: What = `new/${paragraph}`;
    const { body, quote: known, tray: from } = this.draft(what);
    const more = words === undefined ? body : [body, printable(words)].filter(Boolean).join("\n\n");
    this.write(what, { body: more, quote: quote ?? known, tray: tray ?? from });
    this.atOnce(() => {
      const times = this.beginning.value.get(paragraph) ?? 0;
      this.beginning.value = new Map(this.beginning.value).set(paragraph, times + 1);
      this.open(what, { thread: what, part: "reply" });
    });
  }
  /** With what is selected in this very paragraph as its quote. */
  beginHere(paragraph: string): void {
    const place = chosen(this.live);
    this.begin(paragraph, { quote: place?.paragraph === paragraph ? place.quote : null });
  }
  /** Raises Problem; then the draft stays, and another attempt cannot post it twice. */
  async post(what: What): Promise<void> {
    const draft = this.draft(what);
    const key = draft.key ?? randomKey();
    this.write(what, { key });
    const [kind, id] = what.split("/") as [string, string];
    if (kind === "new") {
      const { quote, visibility, body, tray } = draft;
      const thread = await calls.start(this.documentId, id, { body, visibility, ...(quote && { quote }) }, key);
      this.take(thread);
      this.forget(what);
      if (tray !== null) await this.live.connection.dismiss(tray);
      this.goTo(thread.id);
    } else {
      if (kind === "reply") await calls.reply(id, draft.body, key);
      else await calls.edit(id, draft.body);
      this.forget(what);
    }
  }
}
