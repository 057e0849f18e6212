import { useState } from "preact/hooks";
import { api } from "../../api";
import { useAct } from "../../parts/act";
import { announce } from "../../parts/announcer";
import { Dialog } from "../../parts/dialog";
import { Field } from "../../parts/field";
import { t } from "../../text/language";
import { AgreeDialog } from "./agree";
import type { Live } from "./live";
import { paragraphName } from "./lockNames";

/** What the chair is being asked about before it is done. */
export type Asked =
  | { readonly act: "agreed" | "agreed_ad_ref" | "reopen"; readonly paragraph: string }
  | { readonly act: "freeze" | "unfreeze" };

/** The dialog of what the chair wants to settle, if anything. */
export function Settling({ live, documentId }: { live: Live; documentId: string }) {
  const asked = live.asked.value;
  const close = () => {
    live.asked.value = null;
  };
  const text = t().locks;
  switch (asked?.act) {
    case "agreed":
    case "agreed_ad_ref":
      return (
        <AgreeDialog
          live={live}
          documentId={documentId}
          paragraph={asked.paragraph}
          status={asked.act}
          onClose={close}
        />
      );
    case "reopen":
      return (
        <Reasoned
          title={text.reopenTitle}
          body={text.reopenBody}
          action={text.reopen}
          required
          onClose={close}
          onConfirm={async (reason) => {
            await api.unlock(documentId, asked.paragraph, reason);
            announce(text.reopened(paragraphName(live, asked.paragraph)));
          }}
        />
      );
    case "freeze":
    case "unfreeze": {
      const frozen = asked.act === "freeze";
      return (
        <Reasoned
          title={frozen ? text.freezeTitle : text.unfreezeTitle}
          body={frozen ? text.freezeBody : text.unfreezeBody}
          action={frozen ? text.freeze : text.unfreeze}
          onClose={close}
          onConfirm={(reason) =>
            api.freeze(documentId, { frozen, ...(reason ? { reason } : {}) }).then(() => undefined)
          }
        />
      );
    }
    default:
      return null;
  }
}

type ReasonedProps = {
  title: string;
  body: string;
  action: string;
  required?: boolean;
  onConfirm: (reason: string) => Promise<void>;
  onClose: () => void;
};

/** Something that is done for a reason, which goes into the record. */
function Reasoned({ title, body, action, required = false, onConfirm, onClose }: ReasonedProps) {
  const act = useAct();
  const [reason, setReason] = useState("");
  const [missing, setMissing] = useState(false);
  const text = t().locks;
  const confirm = () => {
    const words = reason.trim();
    setMissing(required && words === "");
    if (required && words === "") return;
    void act.run(async () => {
      await onConfirm(words);
      onClose();
    });
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          confirm();
        }}
      >
        <p>{body}</p>
        <Field label={text.reason} optional={!required} error={missing ? text.reasonMissing : undefined}>
          {(control) => (
            <textarea
              {...control}
              rows={3}
              maxLength={1000}
              value={reason}
              onInput={(event) => setReason(event.currentTarget.value)}
            />
          )}
        </Field>
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
            {action}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
