/** What a redline comes to: how many paragraphs changed, by whom, and how a paragraph's spans are shown. */
import { type Attributes, attributes } from "../../editor/schema";
import { numbers } from "../document/numbering";
import type { Compared, Redline, Span } from "./calls";
import { NOBODY } from "./parties";

export type Counts = Readonly<Record<Compared["status"], number>>;

export function counted(redline: Redline): Counts {
  const counts = { same: 0, added: 0, removed: 0, changed: 0, moved: 0 };
  for (const { status } of redline.paragraphs) counts[status]++;
  return counts;
}

export const partyOf = (span: Pick<Span, "by">): string => span.by?.delegation ?? NOBODY;

/** Which parties changed something, those who changed most of the text first. */
export function partiesIn(redline: Redline): string[] {
  const sizes = new Map<string, number>();
  for (const { spans } of redline.paragraphs)
    for (const span of spans)
      if (span.op !== "=" && !span.moved) sizes.set(partyOf(span), (sizes.get(partyOf(span)) ?? 0) + span.text.length);
  return [...sizes].sort(([, one], [, other]) => other - one).map(([party]) => party);
}

/** Whether a party, or with null anybody, changed something in a paragraph. */
export function touched({ status, spans, was, by }: Compared, party: string | null): boolean {
  if (party === null) return status !== "same" || was !== undefined;
  if (by && status !== "same" && (by.delegation ?? NOBODY) === party) return true;
  return spans.some((span) => span.op !== "=" && partyOf(span) === party);
}

/** What paragraphs are called, by id: in the new text, and those that went as in the old one. */
export function numbersOf({ paragraphs }: Redline): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const count = (these: readonly Compared[], form: (one: Compared) => Attributes) => {
    numbers(these.map(form)).forEach((number, at) => {
      const one = these[at];
      if (one && !found.has(one.id)) found.set(one.id, number);
    });
  };
  count(
    paragraphs.filter(({ status }) => status !== "removed"),
    attributes,
  );
  count(
    paragraphs.filter(({ status }) => status !== "added"),
    (one) => attributes(one.was ?? one),
  );
  return found;
}

/** One side of a redline: what stayed, and what went from it or came to it. */
export const sideOf = (spans: readonly Span[], op: "-" | "+"): Span[] =>
  spans.filter((span) => span.op === "=" || span.op === op);
