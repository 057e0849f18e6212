/** How long to wait before the next attempt: exponential with full jitter, so that a restart does not bring all back at once. */
const BASE = 500;
const CAP = 30_000;

/** Milliseconds before attempt `attempt` (from 0); `random` in [0, 1). */
export const backoff = (attempt: number, random: number): number => random * Math.min(CAP, BASE * 2 ** attempt);
