/** Which paragraphs a step of undo would change: reckoned over the characters, before anything is done. */
import * as Y from "yjs";
import type { Binding } from "./binding";
import { firstItem } from "./ids";

type DeleteSet = ReturnType<typeof Y.createDeleteSet>;

/** What one step of undo or redo takes away and brings back. */
export interface Step {
  readonly insertions: DeleteSet;
  readonly deletions: DeleteSet;
}
/** Whether it would change one of these paragraphs: characters, marks, attributes, or what it is joined to. */
export function reaches({ text, map, doc }: Binding, step: Step, locked: ReadonlyMap<string, unknown>): boolean {
  if (locked.size === 0) return false;
  return reachesAttributes(map, step, locked) || new Reading(doc, step, locked).reaches(text);
}

function reachesAttributes(map: Y.Map<unknown>, step: Step, locked: ReadonlyMap<string, unknown>): boolean {
  for (const [key, last] of map._map) {
    if (!locked.has(key)) continue;
    for (let item: Y.Item | null = last; item !== null; item = item.left)
      if (Y.isDeleted(step.insertions, item.id) || Y.isDeleted(step.deletions, item.id)) return true;
  }
  return false;
}

/** The text as it is and as it would be, side by side: under which "\n" and which marks each character stands. */
class Reading {
  private readonly marksNow = new Map<string, unknown>();
  private readonly marksThen = new Map<string, unknown>();
  private headNow = "";
  private headThen = "";
  /** Characters that came back by a redo, under new ids. */
  private readonly again = new Set<string>();

  constructor(
    private readonly doc: Y.Doc,
    private readonly step: Step,
    private readonly locked: ReadonlyMap<string, unknown>,
  ) {}

  reaches(text: Y.Text): boolean {
    for (let item = firstItem(text); item !== null; item = item.right) this.follow(item);
    for (let item = firstItem(text); item !== null; item = item.right) {
      if (item.content instanceof Y.ContentFormat) this.readMark(item, item.content);
      else if (item.content instanceof Y.ContentString || item.content instanceof Y.ContentDeleted)
        for (let at = 0; at < item.length; at++) if (this.changes(item, at)) return true;
    }
    return false;
  }

  private follow(item: Y.Item): void {
    if (redoneOf(item) === null) return;
    for (let at = 0; at < item.length; at++) {
      if (!has(this.step.insertions, item, at)) continue;
      let { client, clock } = Y.createID(item.id.client, item.id.clock + at);
      for (let next: Y.Item = item; ; ) {
        const redone = redoneOf(next);
        if (redone === null) break;
        [client, clock] = [redone.client, redone.clock + clock - next.id.clock];
        next = Y.getItem(this.doc.store, Y.createID(client, clock)) as Y.Item;
      }
      this.again.add(`${client}-${clock}`);
    }
  }

  /** Whether it lives, and whether it would. */
  private lives(item: Y.Item, at: number): [now: boolean, then: boolean] {
    const gone = has(this.step.insertions, item, at) || this.again.has(`${item.id.client}-${item.id.clock + at}`);
    if (!item.deleted) return [true, !gone];
    return [false, redoneOf(item) === null && !gone && has(this.step.deletions, item, at)];
  }

  private readMark(item: Y.Item, { key, value }: Y.ContentFormat): void {
    const [now, then] = this.lives(item, 0);
    if (now) this.marksNow.set(key, value);
    if (then) this.marksThen.set(key, value);
  }

  private changes(item: Y.Item, at: number): boolean {
    const [now, then] = this.lives(item, at);
    if (!now && !then) return false;
    const opens = item.content instanceof Y.ContentString && item.content.str[at] === "\n";
    if (opens) {
      const id = `${item.id.client}-${item.id.clock + at}`;
      if (now) this.headNow = id;
      if (then) this.headThen = now ? id : `again ${id}`;
    }
    if (now && !then) return this.locked.has(this.headNow);
    if (then && !now) return !opens && this.locked.has(this.headThen);
    const held = this.locked.has(this.headNow);
    if (this.headNow !== this.headThen) return held || this.locked.has(this.headThen);
    return held && !opens && this.marksDiffer();
  }

  private marksDiffer(): boolean {
    const keys = new Set([...this.marksNow.keys(), ...this.marksThen.keys()]);
    return [...keys].some((key) => (this.marksNow.get(key) ?? null) !== (this.marksThen.get(key) ?? null));
  }
}

const redoneOf = (item: Y.Item): Y.ID | null => item.redone;

function has(set: DeleteSet, { id }: Y.Item, at: number): boolean {
  return set.clients.has(id.client) && Y.isDeleted(set, Y.createID(id.client, id.clock + at));
}
