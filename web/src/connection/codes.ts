/** Close codes (W7). */
import type { State } from "./status";

export const MALFORMED = 4400;
/** Drop the document and load it from the server anew. */
export const REBUILD = 4409;

/** After these there is no coming back. All others pass: the line broke, the server restarts or is overloaded. */
export const FINAL: ReadonlyMap<number, State> = new Map([
  [MALFORMED, "refused"],
  [4401, "signedout"],
  [4403, "refused"],
  [4404, "refused"],
]);
