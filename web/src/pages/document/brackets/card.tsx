import { may } from "../../../me";
import { DelegationChip } from "../../../parts/delegation";
import { moment, t } from "../../../text/language";
import type { Live } from "../live";
import type { Brackets } from "./brackets";
import type { Issue } from "./issues";
import { excerpt, who } from "./names";
import { Positions, Stating } from "./positions";

type CardProps = { live: Live; brackets: Brackets; issue: Issue; onShown: (() => void) | undefined };

/** All of one bracket: its words, who stands behind it, what is said of it, and what one may do. */
export function Card({ live, brackets, issue, onShown }: CardProps) {
  const text = t().brackets;
  const kept = brackets.kept.value.get(issue.id);
  const opened = kept?.opened;
  return (
    <div class="bracket-card">
      {excerpt(issue.text) !== issue.text && (
        <blockquote class="bracket-text" dir="auto">
          {issue.text}
        </blockquote>
      )}
      {issue.runClass && <p class="muted">{text.runs[issue.runClass]}</p>}
      {kept && <p class="muted">{opened ? text.opened(who(live, opened.by), moment(opened.at)) : text.imported}</p>}
      {issue.attribution.length > 0 && (
        <p class="bracket-from">
          <span class="muted">{text.from}</span>
          {issue.attribution.map(({ delegation, stance }) => (
            <span key={delegation} class="said">
              <DelegationChip code={delegation} />
              {stance && text.stances[stance]}
            </span>
          ))}
        </p>
      )}
      <button
        type="button"
        class="button card-show"
        onClick={() => {
          onShown?.();
          brackets.go(issue.id);
        }}
      >
        {text.showIt}
      </button>
      <Positions live={live} brackets={brackets} issue={issue} />
      <Stating key={issue.id} live={live} brackets={brackets} issue={issue} />
      {may("preside") && (
        <button
          type="button"
          class="button primary"
          onClick={() => {
            brackets.opened.value = { what: "resolve", id: issue.id };
          }}
        >
          {text.resolve}
        </button>
      )}
    </div>
  );
}
