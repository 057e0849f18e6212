import { useId } from "preact/hooks";
import { useAct } from "../../../parts/act";
import { announce } from "../../../parts/announcer";
import { Disclosure } from "../../../parts/disclosure";
import { Choice } from "../../../parts/field";
import { Icon } from "../../../parts/icon";
import { t } from "../../../text/language";
import type { Comments } from "./comments";
import { ALL, delegationsOf, type Filter } from "./thread";

/** Which threads are shown: the inbox (for us, unread, mine), by state, by delegation. */
export function Filters({ comments }: { comments: Comments }) {
  const text = t().comments;
  const filter = comments.filter.value;
  const set = filter.which !== ALL.which || filter.state !== ALL.state || filter.delegation !== "";
  const unread = comments.unread.value;
  return (
    <Disclosure
      className={`button quiet square small filter ${set ? "filter-set" : ""}`}
      label={[text.filter, set && text.filtered, unread > 0 && `${text.which.unread} ${unread}`]
        .filter(Boolean)
        .join(", ")}
      face={
        <>
          <Icon name="filter" />
          {unread > 0 && <span class="unread-dot" />}
        </>
      }
    >
      <Panel comments={comments} />
    </Disclosure>
  );
}

function Panel({ comments }: { comments: Comments }) {
  const text = t().comments;
  const id = useId();
  const act = useAct();
  const filter = comments.filter.value;
  const unread = comments.unread.value;
  const change = (next: Partial<Filter>) => {
    comments.filter.value = { ...filter, ...next };
  };
  const kinds = (["everything", "for_us", "unread", "mine"] as const).filter(
    (which) => which !== "for_us" || comments.reader.delegation !== null,
  );
  return (
    <div class="filters">
      <Choice
        legend={text.whichTitle}
        name={`${id}-which`}
        value={filter.which}
        options={kinds.map((value) => ({
          value,
          label: value === "unread" && unread > 0 ? `${text.which.unread} (${unread})` : text.which[value],
        }))}
        onChange={(which) => change({ which })}
      />
      <Choice
        legend={text.stateTitle}
        name={`${id}-state`}
        value={filter.state}
        options={(["open", "resolved", "any"] as const).map((value) => ({ value, label: text.state[value] }))}
        onChange={(state) => change({ state })}
      />
      <div class="field">
        <label for={`${id}-delegation`}>{text.delegationTitle}</label>
        <select
          id={`${id}-delegation`}
          value={filter.delegation}
          onChange={({ currentTarget }) => change({ delegation: currentTarget.value })}
        >
          <option value="">{text.anyDelegation}</option>
          {writers(comments).map((code) => (
            <option key={code} value={code}>
              {comments.live.nameOf(code)}
            </option>
          ))}
        </select>
      </div>
      {act.problem && (
        <p class="error" role="alert">
          {act.problem}
        </p>
      )}
      {unread > 0 && (
        <button
          type="button"
          class="button wide"
          disabled={act.busy}
          onClick={() =>
            void act.run(async () => {
              await comments.readAll();
              announce(text.allRead);
            })
          }
        >
          {text.readAll}
        </button>
      )}
    </div>
  );
}

/** Delegations that have written anything here, by name. */
function writers(comments: Comments): string[] {
  const codes = new Set([...comments.threads.value.values()].flatMap((thread) => [...delegationsOf(thread)]));
  const name = (code: string) => comments.live.nameOf(code);
  return [...codes].sort((a, b) => name(a).localeCompare(name(b)));
}
