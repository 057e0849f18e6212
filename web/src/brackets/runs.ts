/** Runs: brackets side by side, and what their members are to each other (grammar: run, run class). */
import type { RunClass } from "./model";
import type { Pair } from "./pairs";
import { Pattern, trim } from "./pattern";
import type { Scan } from "./scan";

const BETWEEN = new Pattern(String.raw`(?:\/|or|and\/or|или|и\/или)?`, "i");
const ADDS = new Pattern(String.raw`,|(?:and|or|including|as well as|и|или|включая|а также)\b`, "i");
const MERE = new Pattern(String.raw`[,;]|and|or|and\/or|и|или|и\/или`, "i");
const OR = new Pattern("or|или", "i");
const OTHER = new Pattern("others?|иное|другое", "i");
const MODAL = new Pattern("shall|should|will|may|must", "i");

/** A pair, where what is said behind it ends, and whether it stands in no run whatever is beside it. */
export interface Member {
  readonly tail: number;
  readonly apart: boolean;
}

/** The runs, as indexes into `pairs`. */
export function find(pairs: readonly Pair[], members: readonly Member[], scans: readonly Scan[]): number[][] {
  const runs: number[][] = [];
  const latest = new Map<number | null, number[]>(); // by parent: the run that its latest child is in, perhaps alone
  pairs.forEach((pair, index) => {
    const run = latest.get(pair.parent);
    const last = run?.at(-1);
    if (members[index]?.apart) latest.delete(pair.parent);
    else if (
      run !== undefined &&
      last !== undefined &&
      beside(pairs[last] as Pair, members[last]?.tail ?? 0, pair, scans)
    ) {
      run.push(index);
      if (run.length === 2) runs.push(run);
    } else latest.set(pair.parent, [index]);
  });
  return runs;
}

/** `members` are the first words of each, without attribution. */
export function classify(members: readonly string[]): RunClass {
  if (members.some((member) => OTHER.is(member))) return "open";
  if (members.some((member) => MODAL.is(member)) || members.every((member) => MERE.is(member))) return "alternatives";
  if (members.some((member) => OR.is(member))) return "ambiguous";
  const adding = members.slice(1).map((member) => ADDS.matches(member));
  if (!adding.includes(true)) return "alternatives";
  return adding.includes(false) ? "ambiguous" : "additive";
}

function beside(one: Pair, tail: number, other: Pair, scans: readonly Scan[]): boolean {
  if (one.first !== one.last || other.first !== other.last || one.first !== other.first) return false;
  return BETWEEN.is(trim((scans[one.first] as Scan).counted.slice(tail, other.start)));
}
