/**
 * Comments that are not yet posted, kept on this device across reloads: by participant and document, until they are
 * posted or discarded, and erased at sign-out.
 */
import type { Visibility } from "./thread";

export type Draft = {
  readonly body: string;
  readonly visibility: Visibility;
  readonly quote: string | null;
  /** Under which it was sent for the first time: once more under it cannot post it twice. Null when not yet sent. */
  readonly key: string | null;
  /** The refused words (tray) from which it was made, dismissed once it is posted. */
  readonly tray: string | null;
};

/** What a draft will be: a thread on a paragraph, a reply to a thread, another body of a comment. */
export type What = `new/${string}` | `reply/${string}` | `edit/${string}`;

const PREFIX = "rollingtext.draft";
export const NOTHING: Draft = { body: "", visibility: "all", quote: null, key: null, tray: null };

/** Each in a place of its own, so that two tabs keep each other's. */
export class Drafts {
  private readonly prefix: string;

  constructor(
    participant: string,
    document: string,
    private readonly storage: Storage = localStorage,
  ) {
    this.prefix = `${PREFIX}/${participant}/${document}/`;
  }

  get(what: What): Draft | null {
    const kept = this.storage.getItem(this.prefix + what);
    return kept === null ? null : read(kept);
  }
  /** Whether it could be written down; an empty one need not be. */
  keep(what: What, draft: Draft): boolean {
    if (draft.body === "") {
      this.forget(what);
      return true;
    }
    try {
      this.storage.setItem(this.prefix + what, JSON.stringify(draft));
      return true;
    } catch (problem) {
      if (!(problem instanceof DOMException)) throw problem;
      return false; // the browser's room is full, or it keeps nothing
    }
  }
  forget(what: What): void {
    this.storage.removeItem(this.prefix + what);
  }
  /** Everything that is kept. */
  all(): ReadonlyMap<What, Draft> {
    return new Map(
      keysOf(this.storage, this.prefix).flatMap((key): [What, Draft][] => {
        const what = key.slice(this.prefix.length) as What;
        const draft = this.get(what);
        return draft === null ? [] : [[what, draft]];
      }),
    );
  }
}

/** Erases what a participant has not posted, in all documents. */
export function forgetDrafts(participant: string, storage: Storage = localStorage): void {
  for (const key of keysOf(storage, `${PREFIX}/${participant}/`)) storage.removeItem(key);
}

function keysOf(storage: Storage, prefix: string): string[] {
  return Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? "").filter((key) =>
    key.startsWith(prefix),
  );
}

function read(kept: string): Draft | null {
  const { body, visibility, quote, key, tray } = { ...NOTHING, ...(JSON.parse(kept) as Partial<Draft>) };
  if (typeof body !== "string" || body === "") return null;
  return { body, visibility: visibility === "delegation" ? "delegation" : "all", quote, key, tray };
}
