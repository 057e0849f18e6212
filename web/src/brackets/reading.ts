/** The reading of a whole text: pure, and linear in its length. `crdt/brackets` reads the same of the same. */
import { after, lead, REACH, reservation, trail } from "./attribution";
import { isNote, isReservation, kindOf, type Sight, wordsIn } from "./kinds";
import type { Attribution, Bracket, Lint, Paragraph, Place, Reading, RunClass, Status } from "./model";
import { find as findOptions } from "./options";
import { match, type Pair } from "./pairs";
import { fold, isSpace, skipSpaces, trim, words } from "./pattern";
import { back, before, behind, exceeds, forward } from "./places";
import { Register } from "./register";
import { classify, find as findRuns } from "./runs";
import { type Scan, scan } from "./scan";

/** Words up to which a slash is taken to part alternatives, and not to stand in a sentence. */
const SHORT = 12;
/** What may follow a bracket that holds a whole paragraph; also "and" and "or". */
const BEHIND_ALL = /^[.,;:]+/;
const JOINING: ReadonlySet<string> = new Set(["", "and", "or", "и", "или"]);
const NOBODY = new Register();
const NONE: ReadonlySet<string> = new Set();

/** A pair by itself: what it says, who says it, and where that ends behind it. */
export interface View {
  readonly sight: Sight;
  readonly attribution: readonly Attribution[];
  readonly slashed: boolean;
  readonly tail: number;
  /** In no run, whatever is beside it. */
  readonly apart: boolean;
  /** Where the words stand that say who it is from. */
  readonly said: readonly Place[];
}

/** `agreed` holds the ids of the paragraphs that are locked; a text may say so of itself, too. */
export function read(
  paragraphs: readonly Paragraph[],
  register: Register = NOBODY,
  agreed: { has(id: string): boolean } = NONE,
): Reading {
  const scans = paragraphs.map(scan);
  const { pairs, lints } = match(paragraphs, scans);
  return assembled(
    paragraphs,
    scans,
    classified(pairs, scans, (pair) => view(pair, scans, register)),
    lints,
    agreed,
  );
}

/** What the pairs are, by themselves and to each other. `look` gives each pair's view. */
export function classified(pairs: readonly Pair[], scans: readonly Scan[], look: (pair: Pair) => View): Bracket[] {
  const views = pairs.map(look);
  const places = new Map<number, { run: number; runClass: RunClass }>();
  for (const members of findRuns(pairs, views, scans)) {
    const runClass = classify(members.map((index) => wordsIn((views[index] as View).sight)));
    for (const index of members) places.set(index, { run: members[0] as number, runClass });
  }
  return brackets(pairs, views, places);
}

/** The reading of a whole text, whose brackets and lost halves are known. */
export function assembled(
  paragraphs: readonly Pick<Paragraph, "id" | "kind">[],
  scans: readonly Scan[],
  found: readonly Bracket[],
  lost: readonly Lint[],
  agreed: { has(id: string): boolean },
): Reading {
  const lints = [...lost, ...contradictions(paragraphs, scans, found, agreed)];
  lints.sort((a, b) => a.paragraph - b.paragraph || a.start - b.start);
  return {
    brackets: found,
    options: findOptions(paragraphs, scans),
    statuses: statusesOf(scans),
    lints,
    texts: scans.map(({ counted }) => counted),
  };
}

function statusesOf(scans: readonly Scan[]): Map<number, Status> {
  const statuses = new Map<number, Status>();
  scans.forEach(({ said }, index) => {
    if (said !== null) statuses.set(index, said.status);
  });
  return statuses;
}

/** Its text with both brackets; paragraphs are parted by a line break. */
export function textOf(
  { first, start, last, end }: Pick<Bracket, "first" | "start" | "last" | "end">,
  paragraphs: readonly Pick<Paragraph, "text">[],
): string {
  const text = (index: number) => paragraphs[index]?.text ?? "";
  if (first === last) return text(first).slice(start, end);
  const between = paragraphs.slice(first + 1, last).map((paragraph) => paragraph.text);
  return [text(first).slice(start), ...between, text(last).slice(0, end)].join("\n");
}

export function view(pair: Pair, scans: readonly Scan[], register: Register): View {
  const { text: opening, body } = scans[pair.first] as Scan;
  const { text: closing } = scans[pair.last] as Scan;
  const crosses = pair.first !== pair.last;
  const close = pair.end - 1;
  const leading = lead(opening, pair.start + 1, register);
  const begins = leading.at;
  const tailFrom = Math.max(crosses ? 0 : begins, back(closing, close, REACH));
  const trailing = trail(closing.slice(tailFrom, close), register);
  const following = after(closing, pair.end, register);
  const ends = tailFrom + trailing.at;
  const core = crosses || exceeds(opening, begins, ends, REACH) ? null : trim(opening.slice(begins, ends));
  const reserved = reservation(opening, begins, register);
  const headEnd = forward(opening, begins, REACH);
  const sight: Sight = {
    core,
    head: trim(opening.slice(begins, crosses ? headEnd : Math.min(ends, headEnd))),
    before: isSpace(behind(opening, pair.start + 1)) ? " " : before(opening, pair.start),
    behind: isSpace(before(closing, close)) ? " " : behind(closing, pair.end),
    reserved: reserved.length > 0,
    whole: !crosses && pair.start === body && nothingButStops(closing, following.at),
    crosses,
  };
  return {
    sight,
    attribution: [...leading.by, ...trailing.by, ...following.by, ...reserved],
    slashed: pair.slashed && core !== null && words(core).length <= SHORT,
    tail: following.at,
    apart: isNote(sight) || isReservation(sight),
    said: places([
      leading.by.length > 0 ? [pair.first, skipSpaces(opening, pair.start + 1), begins] : null,
      trailing.by.length > 0 ? [pair.last, ends, close] : null,
      following.by.length > 0 ? [pair.last, pair.end, following.at] : null,
    ]),
  };
}

const places = (list: readonly ([number, number, number] | null)[]): Place[] =>
  list.flatMap((place) => (place === null ? [] : [{ paragraph: place[0], from: place[1], to: place[2] }]));

function nothingButStops(text: string, at: number): boolean {
  if (exceeds(text, at, text.length, REACH)) return false;
  return JOINING.has(fold(trim(trim(text.slice(at)).replace(BEHIND_ALL, ""))));
}

function brackets(
  pairs: readonly Pair[],
  views: readonly View[],
  places: ReadonlyMap<number, { run: number; runClass: RunClass }>,
): Bracket[] {
  // Where a part of a word ends: what stood before it (`modalit[y][ies]`).
  let parts = new Map<number, string>();
  let paragraph = -1;
  return pairs.map((pair, index) => {
    const { sight, slashed, attribution, said } = views[index] as View;
    const place = places.get(index);
    if (pair.first !== paragraph) {
      parts = new Map();
      paragraph = pair.first;
    }
    const preceding = parts.get(pair.start) ?? sight.before;
    const kind = kindOf(sight, preceding, slashed || place !== undefined);
    if (kind === "word_part") parts.set(pair.end, preceding);
    const { first, start, last, end, depth, parent } = pair;
    const run = place?.run ?? null;
    const runClass = place?.runClass ?? null;
    return { first, start, last, end, depth, parent, kind, slashed, run, runClass, attribution, said };
  });
}

/** Paragraphs that are said to be agreed, or locked, and hold or are cut by a bracket. */
function contradictions(
  paragraphs: readonly Pick<Paragraph, "id">[],
  scans: readonly Scan[],
  brackets: readonly Bracket[],
  agreed: { has(id: string): boolean },
): Lint[] {
  const found: Lint[] = [];
  const cut = covered(brackets);
  scans.forEach((each, index) => {
    const said = each.said !== null && each.said.status !== "pending" ? each.said : null;
    if (!cut.has(index) || (said === null && !agreed.has(paragraphs[index]?.id ?? ""))) return;
    const { start, end } = said ?? { start: 0, end: each.text.length };
    const mend = { paragraph: index, at: start, delete: said === null ? 0 : end - start, insert: "" };
    found.push({ code: "AGREED_WITH_BRACKETS", paragraph: index, start, end, mend });
  });
  return found;
}

/** The paragraphs that hold a pair or are cut by one. */
export function covered(pairs: readonly Pick<Pair, "first" | "last" | "parent">[]): Set<number> {
  const found = new Set<number>();
  for (const { first, last, parent } of pairs)
    if (parent === null) for (let index = first; index <= last; index++) found.add(index);
  return found;
}
