/** What waits to be settled, as the page lists it. Pure. */
import {
  type Attribution,
  type Counts,
  type Kind,
  type Reading,
  type RunClass,
  type Stance,
  textOf,
} from "../../../brackets";
import type { Kept, Position } from "./calls";

/** The text at one moment, with the ids of its brackets in the order of the reading. */
export interface Moment {
  readonly reading: Reading;
  readonly ids: readonly string[];
  readonly paragraphs: readonly { readonly id: string; readonly text: string }[];
  readonly counts: Counts;
}

/** A bracket that is open, from the text and from what the server keeps of it. */
export interface Issue {
  readonly id: string;
  /** In the reading. */
  readonly index: number;
  readonly paragraph: string;
  readonly text: string;
  readonly kind: Kind;
  readonly depth: number;
  /** Of the first member of its run or group of options; its own where it stands alone. One key is one issue (B6). */
  readonly key: string;
  readonly members: number;
  readonly runClass: RunClass | null;
  readonly attribution: readonly Attribution[];
  readonly positions: Readonly<Record<string, Position>>;
}

export type Filter = "open" | "awaiting" | "mine" | "nested";
export const FILTERS = ["open", "awaiting", "mine", "nested"] as const satisfies readonly Filter[];

const NOBODY = {};
const ASIDE: ReadonlySet<Kind> = new Set(["note", "placeholder"]);

export function issuesOf({ reading, ids, paragraphs }: Moment, kept: ReadonlyMap<string, Kept>): Issue[] {
  const members = new Map<number, number>();
  for (const { run } of reading.brackets) if (run !== null) members.set(run, (members.get(run) ?? 0) + 1);
  const firsts = firstOfOptions(reading);
  return reading.brackets.map((bracket, index) => {
    const id = ids[index] ?? `?${index}`;
    const { run, first, kind, depth, runClass, attribution } = bracket;
    const leader = firsts.get(index) ?? run ?? index;
    return {
      id,
      index,
      paragraph: paragraphs[first]?.id ?? "",
      text: textOf(bracket, paragraphs),
      kind,
      depth,
      key: ids[leader] ?? `?${leader}`,
      members: run === null ? 1 : (members.get(run) ?? 1),
      runClass,
      attribution,
      positions: kept.get(id)?.positions ?? NOBODY,
    };
  });
}

/** Of what stands in options' own paragraphs: the first bracket of its group, by their places in the reading. */
function firstOfOptions({ brackets, options }: Reading): ReadonlyMap<number, number> {
  const groups = new Map(options.map(({ paragraph, group }) => [paragraph, group]));
  const leaders = new Map<number, number>();
  const found = new Map<number, number>();
  brackets.forEach(({ first, last, depth, kind }, index) => {
    const group = first === last && depth === 1 && !ASIDE.has(kind) ? groups.get(first) : null;
    if (group === null || group === undefined) return;
    if (!leaders.has(group)) leaders.set(group, index);
    found.set(index, leaders.get(group) ?? index);
  });
  return found;
}

/** B6: what counts as an issue. Notes and placeholders wait for nobody's agreement; nested ones are settled with theirs. */
export const counts = ({ depth, kind }: Issue): boolean => depth === 1 && !ASIDE.has(kind);

/** What a delegation says of a bracket: its position, else what the text says of it. */
export function stanceOf(issue: Issue, delegation: string): Stance | "named" | null {
  const position = issue.positions[delegation];
  if (position !== undefined) return position.stance;
  const named = issue.attribution.find((each) => each.delegation === delegation);
  return named === undefined ? null : (named.stance ?? "named");
}

/** Whether a delegation has yet to say something: nothing said, or instructions awaited, on no member of the run. */
export function awaits(issues: readonly Issue[], delegation: string): boolean {
  return issues.every((issue) => {
    const stance = stanceOf(issue, delegation);
    return stance === null || stance === "awaiting";
  });
}

/** Issues by what is settled together. */
export function grouped(issues: readonly Issue[]): ReadonlyMap<string, readonly Issue[]> {
  const groups = new Map<string, Issue[]>();
  for (const issue of issues) {
    const group = groups.get(issue.key);
    if (group === undefined) groups.set(issue.key, [issue]);
    else group.push(issue);
  }
  return groups;
}

/** How many issues wait for a delegation; without one, how many of them nobody has spoken on. */
export function awaiting(issues: readonly Issue[], mine: string | null): number {
  const groups = [...grouped(issues.filter(counts)).values()];
  return groups.filter((group) => (mine === null ? group.every(silent) : awaits(group, mine))).length;
}

const silent = ({ positions, attribution }: Issue): boolean =>
  attribution.length === 0 && Object.values(positions).every(({ stance }) => stance === "awaiting");

export const isMine = (issue: Issue, mine: string | null): boolean => mine !== null && stanceOf(issue, mine) !== null;

export function filtered(issues: readonly Issue[], filter: Filter, mine: string | null): readonly Issue[] {
  if (filter === "nested") return issues;
  const open = issues.filter(counts);
  if (filter === "open") return open;
  if (filter === "mine") return open.filter((issue) => isMine(issue, mine));
  const groups = grouped(open);
  return open.filter((issue) =>
    mine === null ? groups.get(issue.key)?.every(silent) : awaits(groups.get(issue.key) ?? [issue], mine),
  );
}

/** Everybody who has said something of an issue. */
export const speakers = ({ positions, attribution }: Issue): ReadonlySet<string> =>
  new Set([...Object.keys(positions), ...attribution.map(({ delegation }) => delegation)]);
