import { useState } from "preact/hooks";
import { api, type Meeting, type MeetingChange } from "../../api";
import { useAct } from "../../parts/act";
import { announce } from "../../parts/announcer";
import { Field, LineField, TimeField } from "../../parts/field";
import { t } from "../../text/language";
import { readDelegations, writeDelegations } from "../delegationList";

/** What the secretariat sets for the whole meeting. */
export function Settings({ meeting, onChange }: { meeting: Meeting; onChange: (meeting: Meeting) => void }) {
  return (
    <div class="settings">
      <Details meeting={meeting} onChange={onChange} />
      <Delegations meeting={meeting} onChange={onChange} />
    </div>
  );
}

type SettingsProps = { meeting: Meeting; onChange: (meeting: Meeting) => void };

function useChange({ meeting, onChange }: SettingsProps) {
  const act = useAct();
  const change = (values: MeetingChange) =>
    act.run(async () => {
      onChange(await api.changeMeeting(meeting.id, values));
      announce(t().common.saved);
    });
  return { ...act, change };
}

function Details(props: SettingsProps) {
  const { meeting } = props;
  const [title, setTitle] = useState(meeting.title);
  const [body, setBody] = useState(meeting.body ?? "");
  const [startsAt, setStartsAt] = useState(localTime(meeting.starts_at));
  const [mayComment, setMayComment] = useState(meeting.settings.observers_may_comment);
  const { busy, problem, change } = useChange(props);
  const text = t().meeting;
  const save = (event: Event) => {
    event.preventDefault();
    void change({
      title: title.trim(),
      body: body.trim() || null,
      starts_at: startsAt ? new Date(startsAt).toISOString() : null,
      settings: { observers_may_comment: mayComment },
    });
  };
  return (
    <form class="card form" onSubmit={save} aria-labelledby="details-title">
      <h2 id="details-title">{text.details}</h2>
      <LineField label={t().home.meetingTitle} max={300} value={title} onChange={setTitle} />
      <div class="form-pair">
        <LineField label={t().home.body} optional max={300} value={body} onChange={setBody} />
        <TimeField label={t().home.startsAt} value={startsAt} onChange={setStartsAt} />
      </div>
      <label class="check">
        <input type="checkbox" checked={mayComment} onChange={() => setMayComment(!mayComment)} />
        <span>
          {text.observersMayComment}
          <small>{text.observersMayCommentHint}</small>
        </span>
      </label>
      <Ending problem={problem} busy={busy} />
    </form>
  );
}

function Delegations(props: SettingsProps) {
  const [list, setList] = useState(writeDelegations(props.meeting.delegations));
  const [badLine, setBadLine] = useState<number>();
  const { busy, problem, change } = useChange(props);
  const text = t().meeting;
  const save = (event: Event) => {
    event.preventDefault();
    const read = readDelegations(list);
    if ("badLine" in read) setBadLine(read.badLine);
    else void change(read);
  };
  return (
    <form class="card form" onSubmit={save} aria-labelledby="delegations-title">
      <h2 id="delegations-title">{t().home.delegations}</h2>
      <Field
        label={t().home.delegationCount(list.split("\n").filter((line) => line.trim()).length)}
        hint={text.delegationsHint}
        error={badLine === undefined ? undefined : t().home.listLine(badLine)}
      >
        {(control) => (
          <textarea
            {...control}
            rows={14}
            spellcheck={false}
            value={list}
            onInput={(event) => {
              setList(event.currentTarget.value);
              setBadLine(undefined);
            }}
          />
        )}
      </Field>
      <Ending problem={problem} busy={busy} />
    </form>
  );
}

function Ending({ problem, busy }: { problem: string; busy: boolean }) {
  return (
    <>
      {problem && (
        <p class="error" role="alert">
          {problem}
        </p>
      )}
      <div class="dialog-actions">
        <button type="submit" class="button primary" disabled={busy}>
          {t().common.save}
        </button>
      </div>
    </>
  );
}

/** As `<input type="datetime-local">` wants it: in the reader's own time zone, to the minute. */
function localTime(at: string | null): string {
  if (!at) return "";
  const date = new Date(at);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
