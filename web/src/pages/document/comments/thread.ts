/** Threads and comments as the server tells them, and what follows from them. No page and no network. */
import type { Participant } from "../../../api";
import type { By } from "../lockState";
import { findQuote } from "./quote";

/** `delegation`: for the participants of one delegation alone. */
export type Visibility = "all" | "delegation";

export type Remark = {
  readonly id: string;
  /** Null when it was withdrawn. */
  readonly body: string | null;
  readonly by: By;
  readonly at: string;
  readonly edited_at: string | null;
  readonly withdrawn: boolean;
  /** Codes of the delegations that it mentions. */
  readonly mentions: readonly string[];
};

export type Thread = {
  readonly id: string;
  readonly paragraph: string;
  /** Its paragraph is gone; `paragraph_text` is what it read last. */
  readonly detached: boolean;
  readonly paragraph_text?: string | null;
  readonly quote: string | null;
  readonly visibility: Visibility;
  readonly delegation: string | null;
  readonly by: By;
  readonly at: string;
  readonly resolved: { readonly by: By; readonly at: string } | null;
  readonly unread: boolean;
  readonly comments: readonly Remark[];
};

/** Of an event of kind `comment`: the thread as it is now. */
export type Told = {
  readonly thread: Thread;
  readonly comment?: string | null;
  readonly action: "thread" | "comment" | "edited" | "withdrawn" | "resolved" | "reopened" | "published";
  readonly paragraph: string;
};

export type Threads = ReadonlyMap<string, Thread>;

/** Who looks. */
export type Reader = Pick<Participant, "id" | "role" | "delegation">;

/** Something to read in it that somebody else wrote. */
const BRINGS: ReadonlySet<Told["action"]> = new Set(["thread", "comment", "published"]);

/** The threads after an event. What others write is unread, but for where one is reading (`open`). */
export function threadsAfter(
  threads: Threads,
  told: Told,
  by: string | undefined,
  reader: Reader,
  open: string | null,
): Threads {
  const { thread, action } = told;
  const before = threads.get(thread.id)?.unread ?? false;
  const fresh = BRINGS.has(action) && by !== reader.id;
  const unread = thread.id !== open && (before || fresh);
  return new Map(threads).set(thread.id, { ...thread, unread });
}

export type Filter = {
  readonly which: "everything" | "for_us" | "unread" | "mine";
  readonly state: "open" | "resolved" | "any";
  /** Code of the delegation that started or answered it; "" for any. */
  readonly delegation: string;
};

export const ALL: Filter = { which: "everything", state: "open", delegation: "" };

export const concerns = (thread: Thread, { delegation }: Reader): boolean =>
  delegation !== null && thread.comments.some(({ mentions, withdrawn }) => !withdrawn && mentions.includes(delegation));

export const isMine = (thread: Thread, { id }: Reader): boolean =>
  thread.by.id === id || thread.comments.some(({ by }) => by.id === id);

/** Neither resolved nor withdrawn to the last word. */
export const isOpen = ({ resolved, comments }: Thread): boolean =>
  resolved === null && comments.some(({ withdrawn }) => !withdrawn);

export function matches(thread: Thread, { which, state, delegation }: Filter, reader: Reader): boolean {
  if (state !== "any" && isOpen(thread) !== (state === "open")) return false;
  if (delegation !== "" && !delegationsOf(thread).has(delegation)) return false;
  if (which === "unread") return thread.unread;
  if (which === "for_us") return concerns(thread, reader);
  return which === "everything" || isMine(thread, reader);
}

/** Those who have written in a thread. */
export function delegationsOf({ by, comments }: Thread): ReadonlySet<string> {
  return new Set([by, ...comments.map((one) => one.by)].flatMap(({ delegation }) => delegation ?? []));
}

/**
 * Whether some thread may stand elsewhere now: its paragraph went, a new one has its quote, or the words of its deleted
 * paragraph are there again. `before`: the ids of the paragraphs until now.
 */
export function mayHaveMoved(
  threads: Iterable<Thread>,
  paragraphs: readonly Written[],
  before: ReadonlySet<string>,
): boolean {
  const texts = new Map(paragraphs.map(({ id, text }) => [id, text]));
  const added = paragraphs.filter(({ id }) => !before.has(id));
  for (const { paragraph, detached, paragraph_text, quote } of threads) {
    const text = texts.get(paragraph);
    if (detached) {
      if (added.some((one) => one.text === paragraph_text)) return true;
    } else if (text === undefined) return true;
    else if (quote !== null && added.some((one) => findQuote(one.text, quote)) && !findQuote(text, quote)) return true;
  }
  return false;
}
type Written = { readonly id: string; readonly text: string };

/** In the order of the text; those whose paragraph is gone behind all others. */
export function ordered(threads: Iterable<Thread>, places: ReadonlyMap<string, number>): Thread[] {
  const place = ({ paragraph, detached }: Thread) =>
    detached ? Number.POSITIVE_INFINITY : (places.get(paragraph) ?? Number.POSITIVE_INFINITY);
  return [...threads].sort((a, b) => {
    const [one, other] = [place(a), place(b)];
    return one === other ? a.at.localeCompare(b.at) || a.id.localeCompare(b.id) : one - other;
  });
}

/** What stands beside a paragraph: how many open threads, and whether one has something unread. */
export type Count = { readonly open: number; readonly unread: boolean };

export function counted(threads: Iterable<Thread>): ReadonlyMap<string, Count> {
  const counts = new Map<string, Count>();
  for (const thread of threads) {
    const { paragraph, detached, unread } = thread;
    if (detached || !(unread || isOpen(thread))) continue;
    const { open, unread: known } = counts.get(paragraph) ?? { open: 0, unread: false };
    counts.set(paragraph, { open: open + (isOpen(thread) ? 1 : 0), unread: known || unread });
  }
  return counts;
}

/** Contract, section 4: chair, secretariat or the thread's author resolve. */
export const mayResolve = (thread: Thread, { id, role }: Reader): boolean =>
  role === "chair" || role === "secretariat" || thread.by.id === id;

/** One's own delegation alone makes its private thread public; nothing makes it private again. */
export const mayPublish = (thread: Thread, { delegation }: Reader): boolean =>
  thread.visibility === "delegation" && delegation !== null && thread.delegation === delegation;

/** Characters of a body, as the server counts them: code points. */
export const LONGEST_BODY = 10_000;

export function charactersOf(body: string): number {
  let count = 0;
  for (const _ of body) count++;
  return count;
}

/** Words as a body takes them: other ends of lines become the one, and what only steers old terminals goes. */
export function printable(words: string): string {
  return words
    .replace(/\r\n?|[\v\f\u0085\u2028\u2029]/gu, "\n")
    .replace(/[^\P{Cc}\t\n]|[\ufffe\uffff]/gu, "")
    .replace(/\p{Cs}/gu, "\ufffd");
}
