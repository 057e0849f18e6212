/** One's own edits on their way: written down here, sent at a steady pace, held until the server acknowledges them. */
import { Edits } from "./edits";
import { Keep } from "./keep";
import type { Link } from "./link";
import type { TrayItem } from "./tray";

/** Milliseconds between two messages of updates: 20 a second, where the contract promises 30. */
const PACE = 50;

export class Outbox {
  private readonly edits = new Edits();
  private keep: Keep | null = null;
  /** Edits that are not yet written down, or could not be. */
  private readonly unwritten = new Set<number>();
  private link: Link | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private lastSent = 0;

  /** `onChange`: the account changed, or an edit was written down. */
  constructor(private readonly onChange: () => void) {}

  /**
   * Opens what is kept on this device. Answers the edits that earlier pages left, which are sent as this one's, and
   * the tray. Without storage (a browser may forbid it) there is nothing, and `kept` stays false.
   */
  async open(participant: string, document: string): Promise<[Uint8Array[], TrayItem[]]> {
    try {
      this.keep = await Keep.open(participant, document);
    } catch (error) {
      if (error instanceof DOMException || error instanceof ReferenceError) return [[], []];
      throw error;
    }
    const adopted = await this.keep.adopt();
    for (const update of adopted) this.edits.add(update);
    return [adopted, await this.keep.tray()];
  }
  close(): void {
    this.detach();
    this.keep?.close();
  }

  get unsaved(): number {
    return this.edits.unsaved;
  }
  get kept(): boolean {
    return this.unwritten.size === 0;
  }
  /** Edits that are not acknowledged. */
  get waiting(): Uint8Array[] {
    return this.edits.all();
  }
  /** Whether the server has judged all that was sent on this socket. */
  get settled(): boolean {
    return this.edits.settled;
  }

  add(update: Uint8Array): void {
    const number = this.edits.add(update);
    // Offline, nobody else has these words: they go through to the disk.
    this.writing([number], this.keep?.write(number, update, this.link === null));
    this.send();
  }
  private writing(numbers: readonly number[], written: Promise<void> | undefined): void {
    for (const number of numbers) this.unwritten.add(number);
    this.onChange();
    written?.then(
      () => {
        for (const number of numbers) this.unwritten.delete(number);
        this.onChange();
      },
      // A full disk: the edit stays unwritten, and `kept` says so.
      () => this.onChange(),
    );
  }

  /** The answer to the server's step 1; `fresh`: on a socket that is to bring another document. */
  answer(fresh: boolean): Uint8Array {
    return fresh ? this.edits.answerNothing() : this.edits.answer();
  }
  attach(link: Link): void {
    this.link = link;
    this.send();
  }
  /** Nothing is sent any more. */
  detach(): void {
    this.link = null;
    clearTimeout(this.timer);
    this.timer = undefined;
  }
  /** At once when nothing was sent lately, else what gathers until then as one message. */
  private send(): void {
    if (this.link === null || this.timer !== undefined) return;
    const wait = this.lastSent + PACE - Date.now();
    if (wait > 0) {
      this.timer = setTimeout(() => {
        this.timer = undefined;
        this.send();
      }, wait);
      return;
    }
    const update = this.edits.next();
    if (update === null) return;
    this.lastSent = Date.now();
    this.link.update(update);
    this.send();
  }

  saved(updates: number, step2: boolean): void {
    this.forget(this.edits.saved(updates, step2));
  }
  /** What message k (0: step 2) held. */
  message(k: number): Uint8Array[] {
    return this.edits.message(k);
  }
  /** Message k was not taken, and stays one's own. */
  refused(k: number): void {
    this.edits.refused(k);
  }
  /** These edits take the place of all that wait, here and on the device, in one step. */
  replace(updates: readonly Uint8Array[]): void {
    const upTo = this.edits.clear();
    this.unwritten.clear();
    const edits = updates.map((update): [number, Uint8Array] => [this.edits.add(update), update]);
    this.writing(
      edits.map(([number]) => number),
      this.keep?.replace(upTo, edits),
    );
  }
  private forget(upTo: number): void {
    for (const number of this.unwritten) if (number <= upTo) this.unwritten.delete(number);
    void this.keep?.forget(upTo);
  }

  putAside(items: readonly TrayItem[]): void {
    void this.keep?.putAside(items);
  }
  async dismiss(id: string): Promise<void> {
    await this.keep?.dismiss(id);
  }
}
