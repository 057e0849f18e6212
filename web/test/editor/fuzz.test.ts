// @vitest-environment node
import { expect, test } from "vitest";
import { fuzz } from "./fuzz";

/** `SEEDS=3000 START=0` for a long run. */
const seeds = Number(process.env.SEEDS ?? 300);
const start = Number(process.env.START ?? 0);

const sound = { lost: [], doubled: [], unequal: 0, redrawn: 0 };

test(`T1, T2, W3: ${seeds} seeds of three and more clients lose nothing, double nothing and end equal`, {
  timeout: 600_000,
}, () => {
  const failed: unknown[] = [];
  for (let seed = start; seed < start + seeds; seed++) {
    const { operations: _, ...outcome } = fuzz(seed, { clients: 3 + (seed % 3), undo: seed % 2 === 0 });
    try {
      expect(outcome).toEqual(sound);
    } catch {
      failed.push({ seed, ...outcome });
    }
  }
  expect(failed).toEqual([]);
});
