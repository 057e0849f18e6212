import { useEffect, useState } from "preact/hooks";
import { api, type Offer, type Problem } from "../api";
import { askWhoIAm, standing } from "../me";
import { problemText, useAct } from "../parts/act";
import { DelegationChip } from "../parts/delegation";
import { Field } from "../parts/field";
import { useLoaded } from "../parts/loaded";
import { Shell } from "../parts/shell";
import { go, paths } from "../route";
import { day, t } from "../text/language";
import { nameThePage } from "../title";

/** The page behind an invitation link. Opening it uses nothing up; only sending the form does (P3). */
export function Join({ token }: { token: string }) {
  const offer = useLoaded(token, () => api.offer(token));
  useEffect(() => nameThePage(t().join.title), []);
  return (
    <Shell width="narrow">
      {offer.value && <JoinForm token={token} offer={offer.value} />}
      {offer.problem && <Useless problem={offer.problem} />}
      {!offer.value && !offer.problem && <p class="muted">{t().common.loading}</p>}
    </Shell>
  );
}

function JoinForm({ token, offer }: { token: string; offer: Offer }) {
  const [name, setName] = useState(offer.name ?? "");
  const [missing, setMissing] = useState(false);
  const act = useAct();
  const text = t().join;
  const already = standing.value.state === "signedIn" ? standing.value.me.participant.name : undefined;

  const join = (event: Event) => {
    event.preventDefault();
    if (!name.trim()) {
      setMissing(true);
      return;
    }
    void act.run(async () => {
      await api.join(token, name.trim());
      await askWhoIAm();
      go(offer.meeting ? paths.meeting(offer.meeting.id) : paths.home(), "replace");
    });
  };
  return (
    <form class="card card-form" onSubmit={join} noValidate>
      <p class="eyebrow">{text.title}</p>
      <h1>{offer.meeting?.title ?? text.administration}</h1>
      {offer.meeting && <MeetingLine meeting={offer.meeting} />}
      <dl class="facts">
        <div>
          <dt>{text.asRole}</dt>
          <dd>{t().roles[offer.role]}</dd>
        </div>
        {offer.delegation && (
          <div>
            <dt>{text.for}</dt>
            <dd>
              <DelegationChip code={offer.delegation.code} name={offer.delegation.name} />
            </dd>
          </div>
        )}
      </dl>
      {already && <p class="notice">{text.already(already)}</p>}
      <Field label={text.name} hint={text.nameHint} error={missing ? text.nameMissing : undefined}>
        {(control) => (
          <input
            {...control}
            type="text"
            autocomplete="name"
            maxLength={200}
            dir="auto"
            required
            value={name}
            onInput={(event) => {
              setName(event.currentTarget.value);
              setMissing(false);
            }}
          />
        )}
      </Field>
      {act.problem && (
        <p class="error" role="alert">
          {act.problem}
        </p>
      )}
      <button type="submit" class="button primary wide" disabled={act.busy}>
        {act.busy ? text.joining : text.submit}
      </button>
    </form>
  );
}

function MeetingLine({ meeting }: { meeting: NonNullable<Offer["meeting"]> }) {
  const parts = [meeting.body, meeting.starts_at && day(meeting.starts_at)].filter(Boolean);
  return parts.length > 0 ? <p class="lead">{parts.join(" · ")}</p> : null;
}

function Useless({ problem }: { problem: Problem }) {
  const text = t().join;
  const sentences: Record<string, string> = {
    invitation_expired: text.expired,
    invitation_revoked: text.revoked,
    invitation_used_up: text.usedUp,
    no_such_invitation: text.unknown,
    not_found: text.unknown,
  };
  return (
    <div class="message">
      <h1>{text.invalidTitle}</h1>
      <p>{sentences[problem.code] ?? problemText(problem)}</p>
    </div>
  );
}
