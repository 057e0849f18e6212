/**
 * What is kept on this device: edits until they are acknowledged, refused words until they are dealt with.
 *
 * In IndexedDB, not in localStorage: it holds bytes and as many as it takes, it can be asked to write through to the
 * disk (`strict`), and it says when it has; localStorage tells the disk up to seconds later and not whether it did.
 * Keys begin with participant and document: somebody else at the same device gets nothing of it.
 */
import { claim } from "./alive";
import type { Reason } from "./messages";
import { randomName } from "./names";
import type { TrayItem } from "./tray";

const NAME = "rollingtext";
const EDITS = "edits";
const TRAY = "tray";
/** Writers claim both, so that they take turns: words are in the tray before their edit is forgotten. */
const BOTH = [EDITS, TRAY];

interface StoredItem {
  readonly text: string;
  readonly paragraph: string | null;
  readonly reason: Reason;
  readonly at: string;
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function completed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}

function database(): Promise<IDBDatabase> {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(EDITS);
    request.result.createObjectStore(TRAY);
  };
  return settled(request);
}

type Key = readonly [participant: string, document: string, page: string, number: number];

/** All keys that begin with these parts: an array sorts behind every number and string. */
const under = (...parts: readonly (string | number)[]) => IDBKeyRange.bound([...parts], [...parts, []]);

export class Keep {
  /** Keys of edits by their number: those of earlier pages, taken over, and of this one. */
  private readonly keys = new Map<number, IDBValidKey>();
  /** What this page has claimed: its own name, and pages that have ended. */
  private readonly claims: (() => void)[] = [];

  private constructor(
    private readonly db: IDBDatabase,
    private readonly participant: string,
    private readonly document: string,
    /** This page's own name: two tabs of one participant never touch each other's edits. */
    private readonly page: string,
  ) {}

  static async open(participant: string, document: string): Promise<Keep> {
    const keep = new Keep(await database(), participant, document, randomName());
    await keep.claim(keep.page);
    return keep;
  }
  close(): void {
    this.db.close();
    for (const release of this.claims) release();
  }
  private async claim(page: string): Promise<boolean> {
    const release = await claim(page);
    if (release !== null) this.claims.push(release);
    return release !== null;
  }

  /** Edits that pages which have ended left unacknowledged. They are this page's from now on, from number 1. */
  async adopt(): Promise<Uint8Array[]> {
    const range = under(this.participant, this.document);
    const all = await settled(this.db.transaction(EDITS).objectStore(EDITS).getAllKeys(range));
    const pages = new Set((all as unknown as Key[]).map(([, , page]) => page));
    const adopted: Uint8Array[] = [];
    for (const page of pages) if (await this.claim(page)) adopted.push(...(await this.take(page, adopted.length)));
    return adopted;
  }
  private async take(page: string, taken: number): Promise<Uint8Array[]> {
    const store = this.db.transaction(EDITS).objectStore(EDITS);
    const range = under(this.participant, this.document, page);
    const [keys, updates] = await Promise.all([settled(store.getAllKeys(range)), settled(store.getAll(range))]);
    keys.forEach((key, i) => {
      this.keys.set(taken + i + 1, key);
    });
    return updates as Uint8Array[];
  }

  /** Settled once the edit is written; `strict`: on the disk, not only in the system's hands. */
  write(number: number, update: Uint8Array, strict: boolean): Promise<void> {
    return this.replace(0, [[number, update]], strict);
  }
  /** In one step: forgets the edits up to `upTo` and writes others. */
  replace(upTo: number, edits: readonly [number, Uint8Array][], strict = true): Promise<void> {
    const transaction = this.db.transaction(BOTH, "readwrite", { durability: strict ? "strict" : "relaxed" });
    const store = transaction.objectStore(EDITS);
    for (const [number, key] of this.keys) {
      if (number > upTo) continue;
      store.delete(key);
      this.keys.delete(number);
    }
    for (const [number, update] of edits) {
      const key = [this.participant, this.document, this.page, number];
      this.keys.set(number, key);
      store.put(update, key);
    }
    return completed(transaction);
  }
  async forget(upTo: number): Promise<void> {
    if ([...this.keys.keys()].some((number) => number <= upTo)) await this.replace(upTo, [], false);
  }

  async tray(): Promise<TrayItem[]> {
    const store = this.db.transaction(TRAY).objectStore(TRAY);
    const range = under(this.participant, this.document);
    const [keys, items] = await Promise.all([settled(store.getAllKeys(range)), settled(store.getAll(range))]);
    const stored = (items as StoredItem[]).map((item, i) => ({
      ...item,
      id: (keys[i] as string[])[2] as string,
      at: new Date(item.at),
    }));
    return stored.sort((a, b) => a.at.getTime() - b.at.getTime());
  }
  putAside(items: readonly TrayItem[]): Promise<void> {
    const transaction = this.db.transaction(BOTH, "readwrite", { durability: "strict" });
    for (const { id, text, paragraph, reason, at } of items) {
      const stored: StoredItem = { text, paragraph, reason, at: at.toISOString() };
      transaction.objectStore(TRAY).put(stored, [this.participant, this.document, id]);
    }
    return completed(transaction);
  }
  dismiss(id: string): Promise<void> {
    const transaction = this.db.transaction(TRAY, "readwrite");
    transaction.objectStore(TRAY).delete([this.participant, this.document, id]);
    return completed(transaction);
  }
}

/** Erases what is kept for a participant, in all documents: they sign out. */
export async function forgetAll(participant: string): Promise<void> {
  const db = await database();
  const transaction = db.transaction(BOTH, "readwrite", { durability: "strict" });
  for (const name of BOTH) transaction.objectStore(name).delete(under(participant));
  await completed(transaction);
  db.close();
}
