/** One's visit to a document: what changed before it, and how far one has seen the record when it ends. */
import { signal } from "@preact/signals";
import { api, Problem } from "../../../api";
import type { Live } from "../live";
import { calls, type Since } from "./calls";

const LOOK = 60_000; // milliseconds between two looks at how long the record is: others' edits do not tell

export class Visit {
  /** What changed while one was away, until one has dealt with it. */
  readonly since = signal<Since | null>(null);
  /** Whether it is put off: not in sight, and not marked as seen either. */
  readonly later = signal(false);
  /** The record as far as it is known here. */
  private seq = 0;
  /** As far as it was in sight. */
  private inSight = 0;
  private asked = false;
  private readonly ends: (() => void)[] = [];

  /** `unseen`: seq of the first entry of this visit that one has not looked at yet, if any. */
  constructor(
    private readonly live: Live,
    private readonly documentId: string,
    private readonly unseen: () => number | null,
  ) {
    const on = live.connection.on.bind(live.connection);
    const timer = setInterval(() => void this.look(), LOOK);
    const hidden = () => {
      if (document.visibilityState === "hidden") this.end();
      else this.inSight = this.seq;
    };
    document.addEventListener("visibilitychange", hidden);
    this.ends.push(
      on("welcome", ({ seq }) => {
        this.know(seq);
        if (!this.asked) void this.ask();
      }),
      on("event", ({ seq }) => this.know(seq)),
      () => clearInterval(timer),
      () => document.removeEventListener("visibilitychange", hidden),
    );
  }
  close(): void {
    this.end();
    for (const end of this.ends) end();
  }

  private know(seq: number): void {
    this.seq = Math.max(this.seq, seq);
    if (document.visibilityState === "visible") this.inSight = this.seq;
  }
  private async look(): Promise<void> {
    if (document.visibilityState !== "visible" || this.live.status.value.state === "offline") return;
    try {
      this.know((await api.document(this.documentId)).seq);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem; // the next look will do
    }
  }
  private async ask(): Promise<void> {
    this.asked = true;
    try {
      const since = await calls.since(this.documentId);
      this.know(since.seq);
      const { paragraphs, brackets, locks, comments } = since;
      if (paragraphs.length + brackets.length + locks.length + comments.length > 0) this.since.value = since;
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      this.asked = false; // with the next welcome
    }
  }

  /** Everything up to now is seen. */
  async done(): Promise<void> {
    await calls.seen(this.documentId, this.seq);
    this.since.value = null;
  }
  /** What changed before stays until it is dealt with; of this visit, what was in sight and looked at is seen. */
  private end(): void {
    if (this.since.value !== null || this.seq === 0 || !this.asked) return;
    const unseen = this.unseen();
    const upTo = unseen === null ? this.inSight : Math.min(this.inSight, unseen - 1);
    if (upTo > 0) calls.leave(this.documentId, upTo);
  }
}
