import { t } from "../../../text/language";
import type { Brackets } from "./brackets";
import { awaiting } from "./issues";

/** "12 issues · 3 awaiting us", in the bar; leads to the list. */
export function BracketCount({ brackets, onUse }: { brackets: Brackets; onUse: () => void }) {
  const text = t().brackets;
  const { issues } = brackets.text.value.counts;
  const waiting = awaiting(brackets.issues.value, brackets.mine);
  const second = waiting === 0 ? "" : brackets.mine === null ? text.silent(waiting) : text.awaitingUs(waiting);
  const words = [text.issues(issues), second].filter(Boolean).join(" · ");
  return (
    <button
      type="button"
      class="chip bracket-count"
      title={text.countsHint}
      aria-label={text.open(words)}
      onClick={onUse}
    >
      <span class="bracket-count-sign" aria-hidden="true">
        [ ]
      </span>
      <span class="bracket-count-words">{words}</span>
      <span class="bracket-count-short">{issues}</span>
    </button>
  );
}
