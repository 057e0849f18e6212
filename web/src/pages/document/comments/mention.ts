/** "@KAZ" while it is being written: what is meant so far, and who it may be. */
import type { Delegation } from "../../../api";

const SHOWN = 6;
const BEGUN = /(?<![\p{L}\p{N}@])@(?<begun>[\p{L}\p{N}&+.-]{0,24})$/u;

/** What was written of a mention at the caret, and where its "@" stands; null: none is being written. */
export function mentionAt(body: string, caret: number): { from: number; begun: string } | null {
  const found = BEGUN.exec(body.slice(Math.max(0, caret - 40), caret));
  const begun = found?.groups?.begun;
  return begun === undefined ? null : { from: caret - begun.length - 1, begun };
}

/** Those whose code begins so first, then those with a word of their name that does. */
export function candidates(delegations: readonly Delegation[], begun: string): Delegation[] {
  const plain = (text: string) => text.toLocaleLowerCase();
  const wanted = plain(begun);
  const rank = ({ code, name }: Delegation) => {
    if (plain(code).startsWith(wanted)) return 0;
    return plain(name)
      .split(/[\s(]+/u)
      .some((word) => word.startsWith(wanted))
      ? 1
      : 2;
  };
  return delegations
    .map((one) => ({ one, rank: rank(one) }))
    .filter((each) => each.rank < 2)
    .sort((a, b) => a.rank - b.rank || a.one.code.localeCompare(b.one.code))
    .slice(0, SHOWN)
    .map(({ one }) => one);
}

/** The body with the mention written out, and where the caret stands then. */
export function mentioned(
  body: string,
  { from, caret, code }: { from: number; caret: number; code: string },
): { body: string; caret: number } {
  const rest = body.slice(caret);
  const written = `@${code}${/^\s/u.test(rest) ? "" : " "}`;
  return { body: body.slice(0, from) + written + rest, caret: from + written.length };
}
