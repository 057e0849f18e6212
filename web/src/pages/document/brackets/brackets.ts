/** The brackets of a document that is open on the page: what the text says, and what the server keeps of them. */
import { computed, effect, signal } from "@preact/signals";
import { type Counts, count, type Lint, Register, type Stance } from "../../../brackets";
import type { RoomEvent } from "../../../connection/messages";
import { whoAmI } from "../../../me";
import type { Live } from "../live";
import { type By, calls, type Kept, type Position, type Step } from "./calls";
import { counts, type Filter, filtered, type Issue, isMine, issuesOf, type Moment } from "./issues";
import { Shading } from "./shading";

/** Milliseconds after which what is drawn beside the text follows it. */
const PACE = 250;
/** Milliseconds within which a page asks again about brackets that it does not know, at random: all know at once. */
const SPREAD = 3_000;

const NO_COUNTS: Counts = {
  pairs: 0,
  issues: 0,
  placeholders: 0,
  words: 0,
  words_bracketed: 0,
  paragraphs: 0,
  clean_paragraphs: 0,
  agreed_paragraphs: 0,
  lints: 0,
};
const EMPTY: Moment = {
  reading: { brackets: [], options: [], statuses: new Map(), lints: [], texts: [] },
  ids: [],
  paragraphs: [],
  counts: NO_COUNTS,
};

/** What is open over the page. */
export type Opened =
  | { readonly what: "resolve"; readonly id: string }
  | { readonly what: "matrix" | "progress" }
  | { readonly what: "lint"; readonly lint: Lint };

type PositionEvent = { bracket: string; delegation: string; position: Position | null };
type ResolutionEvent = { bracket: string; outcome: string; as?: string; others?: readonly ResolutionEvent[] };

export class Brackets {
  readonly text = signal<Moment>(EMPTY);
  readonly kept = signal<ReadonlyMap<string, Kept>>(new Map());
  /** What was recorded of those brackets whose history was asked for. */
  readonly history = signal<ReadonlyMap<string, readonly Step[]>>(new Map());
  readonly current = signal<string | null>(null);
  readonly filter = signal<Filter>("open");
  /** A delegation whose issues alone are listed. */
  readonly delegation = signal<string | null>(null);
  readonly opened = signal<Opened | null>(null);
  /** Whether the chair goes through the issues one by one. */
  readonly calling = signal(false);
  readonly issues = computed(() => issuesOf(this.text.value, this.kept.value));
  /** Whether one may write in the text now. */
  readonly editable = signal(false);
  /** The delegation for which one may speak. */
  readonly mine = delegationOf(whoAmI().participant);
  readonly shading: Shading;

  private waiting: ReturnType<typeof setTimeout> | undefined;
  private asking: ReturnType<typeof setTimeout> | undefined;
  private readonly endings: (() => void)[];

  constructor(
    private readonly live: Live,
    readonly documentId: string,
    delegations: readonly { readonly code: string; readonly name: string }[],
  ) {
    const register = new Register(delegations.map(({ code, name }) => [code, name]));
    this.shading = new Shading({
      register,
      mine: this.mine,
      onLint: (lint) => {
        this.opened.value = { what: "lint", lint };
      },
    });
    this.endings = [
      live.connection.on("event", (event) => this.hear(event)),
      live.connection.on("welcome", () => this.askSoon(this.kept.value.size === 0 ? 0 : SPREAD)),
      effect(() => this.dress(this.issues.value, this.current.value)),
      effect(() => {
        // What is locked may hold brackets: a lint, which a lock brings and takes.
        if (this.live.locks.value) this.readSoon();
      }),
    ];
  }

  close(): void {
    clearTimeout(this.waiting);
    clearTimeout(this.asking);
    for (const end of this.endings) end();
  }

  /** After every change of the text. */
  readSoon(): void {
    this.waiting ??= setTimeout(() => this.readNow(), PACE);
  }
  readNow(): void {
    clearTimeout(this.waiting);
    this.waiting = undefined;
    const { editor, locks } = this.live;
    const reading = editor && this.shading.reading(editor.view.state);
    if (!editor || !reading) return;
    const paragraphs = editor.paragraphs();
    const all = editor.bracketIds();
    const ids = this.shading.ordinals(editor.view.state.doc, reading).map((ordinal) => all[ordinal] ?? "");
    this.text.value = { reading, ids, paragraphs, counts: count(reading, paragraphs, locks.value) };
    if (ids.some((id) => !this.kept.value.has(id))) this.askSoon(SPREAD);
  }

  private dress(issues: readonly Issue[], current: string | null): void {
    const { editor } = this.live;
    if (!editor) return;
    const own = new Set(issues.flatMap((issue) => (isMine(issue, this.mine) ? [issue.id] : [])));
    const ids = editor.bracketIds();
    const dressed = own.size === 0 && current === null ? "" : [current, ...own, ...ids].join(" ");
    if (dressed === this.dressed) return;
    this.dressed = dressed;
    editor.view.dispatch(this.shading.dress(editor.view.state.tr, ids, own, current));
  }
  private dressed = "";

  private askSoon(within: number): void {
    this.asking ??= setTimeout(() => {
      this.asking = undefined;
      void this.ask();
    }, Math.random() * within);
  }
  /** Failing, it is asked again at the next change or the next connection. */
  async ask(): Promise<void> {
    const list = await calls.brackets(this.documentId).catch(() => null);
    if (list !== null) this.kept.value = new Map(list.map((each) => [each.id, each]));
  }

  private hear({ kind, data, by, at, seq }: RoomEvent): void {
    if (kind === "position") this.hearPosition(data as PositionEvent, by as By, at, seq);
    else if (kind === "resolution") this.hearResolution(data as ResolutionEvent, by as By, at, seq);
  }
  private hearPosition({ bracket, delegation, position }: PositionEvent, by: By, at: string, seq: number): void {
    const kept = this.kept.value.get(bracket);
    const { [delegation]: _, ...others } = kept?.positions ?? {};
    const taken = position !== null && (position.stance as string) !== "none" ? position : null;
    const positions = taken === null ? others : { ...others, [delegation]: taken };
    this.keep(bracket, { positions });
    const stance = taken?.stance ?? "none";
    const [note, on_behalf] = [position?.note ?? null, position?.on_behalf ?? null];
    this.add(bracket, { seq, kind: "position", by, at, delegation, stance, note, on_behalf });
  }
  private hearResolution(event: ResolutionEvent, by: By, at: string, seq: number): void {
    const { bracket, outcome, as, others = [] } = event;
    // What comes back has a new id and keeps its positions (B3).
    if (as === undefined) this.keep(bracket, { status: "resolved", resolution: { outcome, by, at, seq } });
    else this.keep(as, { ...this.kept.value.get(bracket), id: as, status: "open", resolution: null });
    this.add(bracket, { seq, kind: "resolution", by, at, outcome });
    for (const other of others) this.hearResolution(other, by, at, seq);
  }
  /** To a history that is shown. */
  private add(bracket: string, step: Step): void {
    const steps = this.history.value.get(bracket);
    if (steps !== undefined) this.history.value = new Map(this.history.value).set(bracket, [...steps, step]);
  }
  async askHistory(bracket: string): Promise<void> {
    const steps = await calls.history(this.documentId, bracket).catch(() => null);
    if (steps !== null) this.history.value = new Map(this.history.value).set(bracket, steps);
  }
  private keep(id: string, change: Partial<Kept>): void {
    const before = this.kept.value.get(id);
    const kept = { id, text: "", status: "open", opened: null, positions: {}, resolution: null, ...before, ...change };
    this.kept.value = new Map(this.kept.value).set(id, kept);
  }

  issue(id: string | null): Issue | undefined {
    return id === null ? undefined : this.issues.value.find((issue) => issue.id === id);
  }
  /** Issues in the order of the text that are called one by one: of a run, the first stands for all. */
  get calls(): readonly Issue[] {
    return this.issues.value.filter((issue) => counts(issue) && issue.key === issue.id);
  }

  /** A bracket's words, as they stood when the text was last read. */
  words(id: string): string {
    return this.issue(id)?.text ?? this.kept.value.get(id)?.text ?? "";
  }

  /** Marks a bracket and shows it in the text. */
  go(id: string): void {
    this.current.value = id;
    const issue = this.issue(id);
    const bracket = issue && this.text.value.reading.brackets[issue.index];
    if (!issue || !bracket) return;
    if (!filtered(this.issues.value, this.filter.value, this.mine).includes(issue)) this.filter.value = "nested";
    this.live.view.value = "text";
    const end = bracket.first === bracket.last ? bracket.end : Number.POSITIVE_INFINITY;
    this.live.editor?.show(issue.paragraph, bracket.start, end);
  }
  /** The next bracket (1) or the one before (−1), counted from the marked one, else from the caret. */
  step(by: 1 | -1): Issue | null {
    this.readNow();
    const issues = this.issues.value;
    const at = issues.findIndex(({ id }) => id === this.current.value);
    const next = at >= 0 ? at + by : this.fromCaret(by);
    const found = issues.at(((next % issues.length) + issues.length) % issues.length);
    if (issues.length === 0 || found === undefined) return null;
    this.go(found.id);
    return found;
  }
  private fromCaret(by: 1 | -1): number {
    const { editor } = this.live;
    if (!editor) return 0;
    const { $head } = editor.view.state.selection;
    const [paragraph, offset] = [$head.index(0), $head.parentOffset];
    const { brackets } = this.text.value.reading;
    const after = brackets.findIndex(
      ({ first, start }) => first > paragraph || (first === paragraph && start >= offset),
    );
    const next = after < 0 ? brackets.length : after;
    return by === 1 ? next : next - 1;
  }

  take(id: string, delegation: string, stance: Stance | "none", note: string): Promise<unknown> {
    return calls.takePosition(this.documentId, id, delegation, stance, note);
  }

  mend({ mend }: Lint): void {
    const paragraph = this.live.editor?.paragraphs()[mend.paragraph];
    if (paragraph) this.live.editor?.replace(paragraph.id, mend.at, mend.delete, mend.insert);
    this.readNow();
  }
}

const delegationOf = ({ role, delegation }: { role: string; delegation: string | null }): string | null =>
  role === "observer" ? null : delegation;
