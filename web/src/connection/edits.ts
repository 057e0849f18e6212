/**
 * The account of one's own edits: which were sent, as which message, and which the server has acknowledged (W2).
 *
 * Edits are numbered from 1 for as long as the page lives; messages of updates from 1 on each socket.
 */
import * as Y from "yjs";

interface Edit {
  readonly number: number;
  readonly update: Uint8Array;
}

/** Messages grow no larger than this by merging; one edit alone may. */
const MERGED = 256 * 1024;
const NOTHING = new Uint8Array([0, 0]);

const merged = (updates: readonly Uint8Array[]): Uint8Array =>
  updates.length === 1 ? (updates[0] as Uint8Array) : Y.mergeUpdates([...updates]);

export class Edits {
  /** Not acknowledged, in order. */
  private waiting: Edit[] = [];
  private last = 0;
  /** Up to here they were sent on this socket. */
  private sent = 0;
  /** For each message of this socket the last edit in it; [0] is the answer to step 1. */
  private messages: number[] = [];
  /** Edits from here on are not acknowledged by this socket, whatever it says: it refused them. */
  private ceiling = Number.POSITIVE_INFINITY;
  /** How many messages are judged, step 2 included. */
  private judged = 0;

  /** Takes an edit made here; answers its number. */
  add(update: Uint8Array): number {
    this.last += 1;
    this.waiting.push({ number: this.last, update });
    return this.last;
  }
  get unsaved(): number {
    return this.waiting.length;
  }
  /** Everything that is not acknowledged. */
  all(): Uint8Array[] {
    return this.waiting.map(({ update }) => update);
  }

  /** The answer to the server's step 1 on a new socket: what it has not acknowledged, and nothing else. */
  answer(): Uint8Array {
    this.begin(this.last);
    return this.waiting.length === 0 ? NOTHING : merged(this.all());
  }
  /** The same on a socket that is to bring a fresh document: what waits belongs to the old one. */
  answerNothing(): Uint8Array {
    this.begin(0);
    return NOTHING;
  }
  private begin(answered: number): void {
    this.sent = this.last;
    this.messages = [answered];
    this.judged = 0;
    this.ceiling = Number.POSITIVE_INFINITY;
  }
  /** The next message of updates, null when all was sent. */
  next(): Uint8Array | null {
    const updates: Uint8Array[] = [];
    let size = 0;
    for (const { number, update } of this.waiting) {
      if (number <= this.sent) continue;
      if (updates.length > 0 && size + update.length > MERGED) break;
      updates.push(update);
      size += update.length;
      this.sent = number;
    }
    if (updates.length === 0) return null;
    this.messages.push(this.sent);
    return merged(updates);
  }

  /** What message k held (0: step 2), as far as it is not acknowledged. */
  message(k: number): Uint8Array[] {
    const [after, upTo] = [this.messages[k - 1] ?? 0, this.messages[k] ?? 0];
    return this.waiting.filter(({ number }) => number > after && number <= upTo).map(({ update }) => update);
  }
  /** Message k was refused: it and what follows stays. */
  refused(k: number): void {
    this.ceiling = Math.min(this.ceiling, this.messages[k - 1] ?? 0);
  }
  /** The first `updates` messages are judged, and step 2 if so; answers the last edit that is acknowledged. */
  saved(updates: number, step2: boolean): number {
    const count = updates > 0 ? updates + 1 : step2 ? 1 : 0;
    this.judged = Math.max(this.judged, Math.min(count, this.messages.length));
    const upTo = Math.min(this.ceiling, this.messages[this.judged - 1] ?? 0);
    this.waiting = this.waiting.filter(({ number }) => number > upTo);
    return upTo;
  }
  /** Whether the server has judged all that was sent. */
  get settled(): boolean {
    return this.judged === this.messages.length;
  }

  /** All that waits is taken care of elsewhere. Answers the last number. */
  clear(): number {
    this.waiting = [];
    return this.last;
  }
}
