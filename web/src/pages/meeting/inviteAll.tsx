import { useState } from "preact/hooks";
import { api, type Delegation, type Meeting, type Role } from "../../api";
import { useAct } from "../../parts/act";
import { Dialog } from "../../parts/dialog";
import { Choice } from "../../parts/field";
import { t } from "../../text/language";
import { ExpiryField, secondsOf, type Validity } from "./expiry";
import { keepLink } from "./newLinks";

type InviteProps = { meeting: Meeting; onMade: () => void; onClose: () => void };

/** One link for each delegation, in one go. */
export function InviteAll({ meeting, onMade, onClose }: InviteProps) {
  const [guests, setGuests] = useState<"observer" | "delegate">("observer");
  const [validity, setValidity] = useState<Validity>("month");
  const [made, setMade] = useState(0);
  const act = useAct();
  const text = t().meeting;
  const wanted = meeting.delegations;

  const roleOf = (delegation: Delegation): Role => (delegation.kind === "member" ? "delegate" : guests);
  const make = (event: Event) => {
    event.preventDefault();
    void act.run(async () => {
      for (const delegation of wanted.slice(made)) {
        const invitation = { role: roleOf(delegation), delegation: delegation.code, ...secondsOf(validity) };
        keepLink(meeting, await api.invite(meeting.id, invitation));
        setMade((count) => count + 1);
      }
      onMade();
      onClose();
    });
  };
  return (
    <Dialog title={text.inviteAllTitle} onClose={onClose}>
      <form class="form" onSubmit={make}>
        <p>{wanted.length > 0 ? text.inviteAllBody(wanted.length) : text.noDelegations}</p>
        {wanted.some((one) => one.kind !== "member") && (
          <Choice
            legend={text.inviteAllRoles}
            name="guests"
            value={guests}
            options={[
              { value: "observer", label: t().roles.observer },
              { value: "delegate", label: t().roles.delegate },
            ]}
            onChange={setGuests}
          />
        )}
        <ExpiryField value={validity} onChange={setValidity} />
        {made > 0 && (
          <p class="making">
            <progress class="progress" max={wanted.length} value={made} aria-label={text.invitations} />
            {text.makingLinks(made, wanted.length)}
          </p>
        )}
        {act.problem && (
          <p class="error" role="alert">
            {act.problem}
          </p>
        )}
        <div class="dialog-actions">
          <button type="button" class="button" onClick={onClose}>
            {t().common.cancel}
          </button>
          <button type="submit" class="button primary" disabled={act.busy || wanted.length === 0}>
            {t().common.create}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
