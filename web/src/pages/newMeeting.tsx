import { useState } from "preact/hooks";
import { api, type Delegation, type NewMeeting } from "../api";
import { useAct } from "../parts/act";
import { Dialog } from "../parts/dialog";
import { Choice, Field, LineField, TimeField } from "../parts/field";
import { go, paths } from "../route";
import { t } from "../text/language";
import { readDelegations } from "./delegationList";

type Source = "cica" | "list" | "none";

export function NewMeetingDialog({ onClose }: { onClose: () => void }) {
  const [title, setTitle] = useState("");
  const [body, setBody] = useState("");
  const [startsAt, setStartsAt] = useState("");
  const [source, setSource] = useState<Source>("cica");
  const [list, setList] = useState("");
  const [badLine, setBadLine] = useState<number>();
  const act = useAct();
  const text = t().home;

  const create = (event: Event) => {
    event.preventDefault();
    const read = delegationsOf(source, list);
    if ("badLine" in read) {
      setBadLine(read.badLine);
      return;
    }
    void act.run(async () => {
      const meeting: NewMeeting = { title: title.trim(), delegations: read.delegations };
      if (body.trim()) meeting.body = body.trim();
      if (startsAt) meeting.starts_at = new Date(startsAt).toISOString();
      go(paths.meeting((await api.createMeeting(meeting)).id));
    });
  };
  return (
    <Dialog title={text.create} onClose={onClose}>
      <form class="form" onSubmit={create}>
        <LineField label={text.meetingTitle} hint={text.meetingTitleHint} max={300} value={title} onChange={setTitle} />
        <div class="form-pair">
          <LineField label={text.body} hint={text.bodyHint} optional max={300} value={body} onChange={setBody} />
          <TimeField label={text.startsAt} value={startsAt} onChange={setStartsAt} />
        </div>
        <Choice
          legend={text.delegations}
          name="delegations"
          value={source}
          options={[
            { value: "cica", label: text.cica, hint: text.cicaHint },
            { value: "list", label: text.list },
            { value: "none", label: text.none },
          ]}
          onChange={setSource}
        />
        {source === "list" && (
          <Field
            label={text.list}
            hint={text.listHint}
            error={badLine === undefined ? undefined : text.listLine(badLine)}
          >
            {(control) => (
              <textarea
                {...control}
                rows={6}
                required
                spellcheck={false}
                placeholder={text.listExample}
                value={list}
                onInput={(event) => {
                  setList(event.currentTarget.value);
                  setBadLine(undefined);
                }}
              />
            )}
          </Field>
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
          <button type="submit" class="button primary" disabled={act.busy}>
            {t().common.create}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function delegationsOf(source: Source, list: string): { delegations: Delegation[] | "cica" } | { badLine: number } {
  if (source === "cica") return { delegations: "cica" };
  return source === "list" ? readDelegations(list) : { delegations: [] };
}
