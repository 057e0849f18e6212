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
