/** The progress of a document as a line. Pure. */
import type { Counts } from "../../../brackets";
import type { Point } from "./calls";

export interface Mark {
  readonly key: string;
  readonly at: string;
  readonly counts: Counts;
}

/** The counts of each point and, where a resolution changed them, those right before it. */
export function marks(points: readonly Point[]): Mark[] {
  return points.flatMap(({ seq, at, counts, change }, index): Mark[] => {
    const here = { key: `${seq}`, at, counts };
    if (change === null) return [here];
    const before = difference(counts, change);
    const known = points[index - 1]?.counts.issues === before.issues;
    return known ? [here] : [{ key: `${seq} before`, at, counts: before }, here];
  });
}

function difference(counts: Counts, change: Counts): Counts {
  const names = Object.keys(counts) as (keyof Counts)[];
  return Object.fromEntries(names.map((name) => [name, counts[name] - change[name]])) as unknown as Counts;
}

/** At most so many of a series, its ends and turns among them: of each stretch, the one that differs most. */
export function thinned<T extends { readonly counts: { readonly issues: number } }>(
  series: readonly T[],
  most: number,
): readonly T[] {
  if (series.length <= most) return series;
  const out: T[] = [series[0] as T];
  const size = (series.length - 2) / (most - 2);
  for (let part = 0; part < most - 2; part++) {
    const stretch = series.slice(1 + Math.floor(part * size), 1 + Math.floor((part + 1) * size));
    const before = out.at(-1) as T;
    const far = (one: T) => Math.abs(one.counts.issues - before.counts.issues);
    out.push(stretch.reduce((best, one) => (far(one) >= far(best) ? one : best)));
  }
  out.push(series.at(-1) as T);
  return out;
}
