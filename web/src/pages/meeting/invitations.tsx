import { useState } from "preact/hooks";
import { api, type Invitation, type Meeting } from "../../api";
import { useAct } from "../../parts/act";
import { announce } from "../../parts/announcer";
import { DelegationChip } from "../../parts/delegation";
import { Confirm } from "../../parts/dialog";
import { Icon } from "../../parts/icon";
import { useLoaded } from "../../parts/loaded";
import { moment, t } from "../../text/language";
import { Failure } from "./failure";
import { InviteAll } from "./inviteAll";
import { InviteOne } from "./inviteOne";
import { NewLinks } from "./linkSheet";
import { whom } from "./newLinks";

type State = keyof ReturnType<typeof t>["meeting"]["invitationState"];

/** The links by which people join: the new ones to copy or print, and what became of the others. */
export function Invitations({ meeting }: { meeting: Meeting }) {
  const invitations = useLoaded(meeting.id, () => api.invitations(meeting.id));
  const [making, setMaking] = useState<"one" | "all">();
  const [revoking, setRevoking] = useState<Invitation>();
  const [everything, setEverything] = useState(false);
  const text = t().meeting;
  const again = () => void invitations.again();
  const known = invitations.value ?? [];
  const shown = everything ? known : known.filter((one) => stateOf(one) === "open");
  return (
    <section aria-labelledby="invitations-title">
      <header class="section-head">
        <h2 id="invitations-title">{text.invitations}</h2>
        <span class="grow" />
        <button type="button" class="button" onClick={() => setMaking("all")}>
          <Icon name="people" />
          {text.inviteAll}
        </button>
        <button type="button" class="button primary" onClick={() => setMaking("one")}>
          <Icon name="plus" />
          {text.invite}
        </button>
      </header>
      <NewLinks meeting={meeting} />
      <Failure of={invitations} />
      {invitations.value?.length === 0 && (
        <div class="empty">
          <h3>{text.noInvitations}</h3>
          <p>{text.noInvitationsBody}</p>
        </div>
      )}
      {known.some((one) => stateOf(one) !== "open") && (
        <label class="check">
          <input type="checkbox" checked={everything} onChange={() => setEverything(!everything)} />
          {text.showRevoked}
        </label>
      )}
      {shown.length > 0 && (
        <ul class="rows dense">
          {shown.map((one) => (
            <Row key={one.id} invitation={one} meeting={meeting} onRevoke={() => setRevoking(one)} />
          ))}
        </ul>
      )}
      {making === "one" && <InviteOne meeting={meeting} onMade={again} onClose={() => setMaking(undefined)} />}
      {making === "all" && <InviteAll meeting={meeting} onMade={again} onClose={() => setMaking(undefined)} />}
      {revoking && <Revocation invitation={revoking} onRevoked={again} onClose={() => setRevoking(undefined)} />}
    </section>
  );
}

function stateOf(invitation: Invitation): State {
  if (invitation.revoked_at) return "revoked";
  if (invitation.max_uses !== null && invitation.uses >= invitation.max_uses) return "used_up";
  if (invitation.expires_at && new Date(invitation.expires_at) <= new Date()) return "expired";
  return "open";
}

type RowProps = { invitation: Invitation; meeting: Meeting; onRevoke: () => void };

function Row({ invitation, meeting, onRevoke }: RowProps) {
  const text = t().meeting;
  const delegation = meeting.delegations.find((one) => one.code === invitation.delegation);
  const state = stateOf(invitation);
  return (
    <li class="row invitation">
      <p class="invitation-whom">
        {delegation ? (
          <DelegationChip code={delegation.code} name={delegation.name} />
        ) : (
          <span>{t().roles[invitation.role]}</span>
        )}
        {invitation.name && <bdi>{invitation.name}</bdi>}
      </p>
      <p class="muted">{delegation ? t().roles[invitation.role] : ""}</p>
      <p>
        <span class="muted">{text.uses}</span> {text.usesOf(invitation.uses, invitation.max_uses)}
      </p>
      <p>
        {invitation.expires_at ? (
          <>
            <span class="muted">{text.validUntil}</span> {moment(invitation.expires_at)}
          </>
        ) : (
          <span class="muted">{text.ever}</span>
        )}
      </p>
      <span class="row-actions">
        {state === "open" ? (
          <button
            type="button"
            class="button quiet"
            aria-label={text.revokeOf(whom({ role: invitation.role, delegation, name: invitation.name }))}
            onClick={onRevoke}
          >
            {text.revoke}
          </button>
        ) : (
          <span class="badge">{text.invitationState[state]}</span>
        )}
      </span>
    </li>
  );
}

type RevocationProps = { invitation: Invitation; onRevoked: () => void; onClose: () => void };

function Revocation({ invitation, onRevoked, onClose }: RevocationProps) {
  const act = useAct();
  const revoke = () =>
    act.run(async () => {
      await api.revoke(invitation.id);
      announce(t().meeting.revoked);
      onRevoked();
      onClose();
    });
  return (
    <Confirm
      title={t().meeting.revokeTitle}
      body={t().meeting.revokeBody}
      action={t().meeting.revoke}
      grave
      busy={act.busy}
      problem={act.problem}
      onConfirm={() => void revoke()}
      onClose={onClose}
    />
  );
}
