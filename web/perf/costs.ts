/** What the figures of speed are made of. */

export interface Spread {
  readonly median: number;
  readonly p95: number;
}

export function spread(costs: readonly number[]): Spread {
  const sorted = [...costs].sort((a, b) => a - b);
  const at = (part: number) => Math.round((sorted[Math.floor(sorted.length * part)] ?? 0) * 100) / 100;
  return { median: at(0.5), p95: at(0.95) };
}

/** One act, and what the browser has to lay out anew because of it. */
export function cost(act: () => void): number {
  const start = performance.now();
  act();
  document.body.getBoundingClientRect();
  return performance.now() - start;
}
