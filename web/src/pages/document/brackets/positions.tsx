import { useState } from "preact/hooks";
import type { Stance } from "../../../brackets";
import { may, whoAmI } from "../../../me";
import { useAct } from "../../../parts/act";
import { announce } from "../../../parts/announcer";
import { DelegationChip } from "../../../parts/delegation";
import { Field } from "../../../parts/field";
import { moment, t } from "../../../text/language";
import type { Live } from "../live";
import type { Brackets } from "./brackets";
import type { Step } from "./calls";
import type { Issue } from "./issues";
import { speakers } from "./issues";
import { positionSentence, who } from "./names";
import { STANCES, StanceSign } from "./stance";

type Props = { live: Live; brackets: Brackets; issue: Issue };

/** What the delegations have said of a bracket, by stance, and who has not spoken. */
export function Positions({ live, brackets, issue }: Props) {
  const text = t().brackets;
  const codes = Object.keys(issue.positions).sort();
  const members = live.delegations.filter(({ kind }) => kind === "member");
  const silent = members.filter(({ code }) => !speakers(issue).has(code));
  return (
    <div class="positions">
      {codes.length === 0 && <p class="muted">{text.noPositions}</p>}
      <dl class="positions-by">
        {STANCES.map((stance) => {
          const of = codes.filter((code) => issue.positions[code]?.stance === stance);
          if (of.length === 0) return null;
          return (
            <div key={stance}>
              <dt>
                <StanceSign stance={stance} />
                {text.stances[stance]}
              </dt>
              <dd>
                {of.map((code) => (
                  <Said key={code} live={live} code={code} issue={issue} own={code === brackets.mine} />
                ))}
              </dd>
            </div>
          );
        })}
      </dl>
      {members.length > 0 && (
        <details class="silent">
          <summary>{silent.length === 0 ? text.everybodySpoke : text.notSpoken(silent.length)}</summary>
          <p class="silent-list">
            {silent.map(({ code, name }) => (
              <span key={code} title={name}>
                {code}
              </span>
            ))}
          </p>
        </details>
      )}
      <History live={live} brackets={brackets} id={issue.id} />
    </div>
  );
}

function Said({ live, code, issue, own }: { live: Live; code: string; issue: Issue; own: boolean }) {
  const position = issue.positions[code];
  if (position === undefined) return null;
  const { note, on_behalf } = position;
  return (
    <span class={own ? "said said-own" : "said"} title={positionSentence(live, code, position)}>
      <DelegationChip code={code} />
      <span class="off-screen">{live.nameOf(code)}</span>
      {note && <bdi class="said-note">{note}</bdi>}
      {on_behalf && <span class="said-room">{t().brackets.onBehalf}</span>}
    </span>
  );
}

/** Asked for when it is opened; what comes then is added to it. */
function History({ live, brackets, id }: { live: Live; brackets: Brackets; id: string }) {
  const text = t().brackets;
  const steps = brackets.history.value.get(id) ?? [];
  return (
    <details
      class="history"
      onToggle={(event) => {
        if (event.currentTarget.open) void brackets.askHistory(id);
      }}
    >
      <summary>{text.history}</summary>
      <ol>
        {steps.map((step) => (
          <li key={step.seq}>
            <span>{stepName(live, step)}</span>
            {step.note && <bdi class="said-note">{step.note}</bdi>}
            <span class="muted">
              {[step.on_behalf ? text.onBehalf : "", who(live, step.by), moment(step.at)].filter(Boolean).join(", ")}
            </span>
          </li>
        ))}
      </ol>
    </details>
  );
}

function stepName(live: Live, { delegation, stance, outcome }: Step): string {
  const text = t().brackets;
  if (delegation && stance)
    return text.says(live.nameOf(delegation), stance === "none" ? text.withdrawn : text.stances[stance]);
  return text.toldOutcomes[outcome ?? ""] ?? "";
}

/** Stating a position: one's own delegation's, or for chair and secretariat, one that was stated in the room. */
export function Stating({ live, brackets, issue }: Props) {
  const own = whoAmI().participant.role === "delegate" ? brackets.mine : null;
  const [chosen, choose] = useState("");
  const [note, setNote] = useState("");
  const act = useAct();
  if (!may("take_position")) return null;
  const text = t().brackets;
  const delegation = own ?? chosen;
  const now = issue.positions[delegation]?.stance;
  const take = (stance: Stance | "none") =>
    act.run(async () => {
      await brackets.take(issue.id, delegation, stance, note.trim());
      setNote("");
      announce(text.taken(live.nameOf(delegation), stance === "none" ? text.withdrawn : text.stances[stance]));
    });
  return (
    <fieldset class="stating">
      <legend>{own ? text.yourPosition(live.nameOf(own)) : text.onBehalf}</legend>
      {!own && <Whose live={live} value={chosen} onChange={choose} />}
      <div class="stances">
        {STANCES.map((stance) => (
          <button
            key={stance}
            type="button"
            class="button stance-button"
            aria-pressed={now === stance}
            disabled={act.busy || delegation === ""}
            onClick={() => void take(stance)}
          >
            <StanceSign stance={stance} />
            {text.stances[stance]}
          </button>
        ))}
      </div>
      <Field label={text.note} hint={text.noteHint} optional>
        {(control) => (
          <input
            {...control}
            type="text"
            value={note}
            maxLength={500}
            dir="auto"
            onInput={(event) => setNote(event.currentTarget.value)}
          />
        )}
      </Field>
      {now !== undefined && (
        <button type="button" class="button quiet" disabled={act.busy} onClick={() => void take("none")}>
          {text.withdraw}
        </button>
      )}
      {act.problem && (
        <p class="error" role="alert">
          {act.problem}
        </p>
      )}
    </fieldset>
  );
}

function Whose({ live, value, onChange }: { live: Live; value: string; onChange: (code: string) => void }) {
  const text = t().brackets;
  return (
    <Field label={text.onBehalfOf}>
      {(control) => (
        <select {...control} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
          <option value="">{text.chooseDelegation}</option>
          {live.delegations.map(({ code, name }) => (
            <option key={code} value={code}>
              {`${code} · ${name}`}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
