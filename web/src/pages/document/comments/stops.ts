/** What changed since one left, as places to go to one after the other. */
import type { Happened, Since } from "./calls";

export type Stop = {
  readonly kind: "paragraph" | "bracket" | "comment" | "lock";
  /** Null where there is nowhere to go: a deleted paragraph, the whole document. */
  readonly paragraph: string | null;
  /** What became of it: of a paragraph its status, else the kind of the entry. */
  readonly what: string;
  /** Who did it, where that is one person. */
  readonly by: Happened["by"] | null;
  /** The thread, of a comment. */
  readonly thread: string | null;
};

/** In the order of the text; what has no place in it comes last. */
export function stopsOf(since: Since, places: ReadonlyMap<string, number>): Stop[] {
  const stops: Stop[] = [
    ...since.paragraphs.map(({ id, status }) => stop("paragraph", status === "removed" ? null : id, status)),
    ...latest(since.locks, ({ paragraph, kind }) => paragraph ?? kind).map((one) => happened("lock", one)),
    ...latest(since.brackets, ({ bracket, seq }) => bracket ?? String(seq)).map((one) => happened("bracket", one)),
    ...since.comments.map(
      ({ id, paragraph, detached, comments }): Stop => ({
        ...stop("comment", detached ? null : paragraph, "comment"),
        by: comments.at(-1)?.by ?? null,
        thread: id,
      }),
    ),
  ];
  const place = ({ paragraph }: Stop) =>
    paragraph === null ? Number.POSITIVE_INFINITY : (places.get(paragraph) ?? Number.POSITIVE_INFINITY);
  return stops
    .map((one, index) => ({ one, at: place(one), index }))
    .sort((a, b) => (a.at === b.at ? a.index - b.index : a.at - b.at))
    .map(({ one }) => one);
}

const stop = (kind: Stop["kind"], paragraph: string | null, what: string): Stop => ({
  kind,
  paragraph,
  what,
  by: null,
  thread: null,
});

const happened = (kind: Stop["kind"], { paragraph, kind: what, by }: Happened): Stop => ({
  ...stop(kind, paragraph, what),
  by,
});

/** Of what was done to one thing several times, the last. */
function latest(all: readonly Happened[], thing: (one: Happened) => string): Happened[] {
  return [...new Map(all.map((one) => [thing(one), one])).values()];
}

/** How many of each kind, in this order, without those of which there is none. */
export function countsOf(stops: readonly Stop[]): [kind: Stop["kind"], count: number][] {
  return (["paragraph", "bracket", "comment", "lock"] as const).flatMap((kind): [Stop["kind"], number][] => {
    const count = stops.filter((one) => one.kind === kind).length;
    return count === 0 ? [] : [[kind, count]];
  });
}
