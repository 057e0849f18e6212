import { useState } from "preact/hooks";
import { api, type Meeting, type NewInvitation, type Role } from "../../api";
import { useAct } from "../../parts/act";
import { Dialog } from "../../parts/dialog";
import { Choice, Field } from "../../parts/field";
import { t } from "../../text/language";
import { ExpiryField, secondsOf, type Validity } from "./expiry";
import { keepLink } from "./newLinks";

const roles: readonly Role[] = ["delegate", "chair", "observer", "secretariat"];

type InviteProps = { meeting: Meeting; onMade: () => void; onClose: () => void };

export function InviteOne({ meeting, onMade, onClose }: InviteProps) {
  const [role, setRole] = useState<Role>("delegate");
  const [delegation, setDelegation] = useState("");
  const [name, setName] = useState("");
  const [validity, setValidity] = useState<Validity>("month");
  const [maxUses, setMaxUses] = useState("");
  const act = useAct();
  const text = t().meeting;
  const placed = role !== "secretariat" && meeting.delegations.length > 0; // the secretariat has no delegation (P1)

  const make = (event: Event) => {
    event.preventDefault();
    const invitation: NewInvitation = { role, ...secondsOf(validity) };
    if (placed && delegation) invitation.delegation = delegation;
    if (name.trim()) invitation.name = name.trim();
    if (maxUses) invitation.max_uses = Number(maxUses);
    void act.run(async () => {
      keepLink(meeting, await api.invite(meeting.id, invitation));
      onMade();
      onClose();
    });
  };
  return (
    <Dialog title={text.invite} onClose={onClose}>
      <form class="form" onSubmit={make}>
        <Choice
          legend={text.inviteRole}
          name="role"
          value={role}
          options={roles.map((value) => ({ value, label: t().roles[value] }))}
          onChange={setRole}
        />
        {placed && (
          <Field label={text.inviteDelegation} optional={role === "chair"}>
            {(control) => (
              <select
                {...control}
                required={role !== "chair"}
                value={delegation}
                onChange={(event) => setDelegation(event.currentTarget.value)}
              >
                <option value="">{role === "chair" ? text.noDelegation : text.chooseDelegation}</option>
                {meeting.delegations.map((one) => (
                  <option key={one.code} value={one.code}>
                    {one.name} ({one.code})
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        <Field label={text.inviteName} hint={text.inviteNameHint} optional>
          {(control) => (
            <input
              {...control}
              type="text"
              maxLength={200}
              dir="auto"
              autocomplete="off"
              value={name}
              onInput={(event) => setName(event.currentTarget.value)}
            />
          )}
        </Field>
        <div class="form-pair">
          <ExpiryField value={validity} onChange={setValidity} />
          <Field label={text.maxUses} hint={text.maxUsesHint}>
            {(control) => (
              <input
                {...control}
                type="number"
                min={1}
                max={10000}
                value={maxUses}
                onInput={(event) => setMaxUses(event.currentTarget.value)}
              />
            )}
          </Field>
        </div>
        {act.problem && (
          <p class="error" role="alert">
            {act.problem}
          </p>
        )}
        <div class="dialog-actions">
          <button type="button" class="button" onClick={onClose}>
            {t().common.cancel}
          </button>
          <button type="submit" class="button primary" disabled={act.busy}>
            {t().common.create}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
