import { useEffect, useState } from "preact/hooks";
import { api, type Meeting } from "../api";
import { may, whoAmI } from "../me";
import { Icon } from "../parts/icon";
import { useLoaded } from "../parts/loaded";
import { Shell } from "../parts/shell";
import { go, paths } from "../route";
import { day, t } from "../text/language";
import { nameThePage } from "../title";
import { Failed, Forbidden } from "./messages";
import { NewMeetingDialog } from "./newMeeting";

/** Where one begins: in one's meeting; the secretariat, which acts in all of them, before the list. */
export function Home() {
  const { meeting } = whoAmI();
  const everywhere = may("administer");
  useEffect(() => {
    if (meeting && !everywhere) go(paths.meeting(meeting.id), "replace");
  }, [meeting, everywhere]);
  if (everywhere) return <Meetings />;
  return meeting ? null : <Forbidden />;
}

function Meetings() {
  const meetings = useLoaded("meetings", api.meetings);
  const [creating, setCreating] = useState(false);
  const text = t().home;
  useEffect(() => nameThePage(text.title), [text]);
  if (meetings.problem && !meetings.value) return <Failed problem={meetings.problem} />;
  return (
    <Shell>
      <header class="page-head">
        <h1>{text.title}</h1>
        <button type="button" class="button primary" onClick={() => setCreating(true)}>
          <Icon name="plus" />
          {text.create}
        </button>
      </header>
      {!meetings.value && <p class="muted">{t().common.loading}</p>}
      {meetings.value?.length === 0 && (
        <div class="empty">
          <h2>{text.empty}</h2>
          <p>{text.emptyBody}</p>
        </div>
      )}
      {meetings.value && meetings.value.length > 0 && <MeetingList meetings={meetings.value} />}
      {creating && <NewMeetingDialog onClose={() => setCreating(false)} />}
    </Shell>
  );
}

function MeetingList({ meetings }: { meetings: readonly Meeting[] }) {
  return (
    <ul class="rows">
      {meetings.map((meeting) => (
        <li key={meeting.id} class="row">
          <div class="row-main">
            <a class="row-title" href={paths.meeting(meeting.id)}>
              {meeting.title}
            </a>
            {meeting.body && <p class="row-line">{meeting.body}</p>}
          </div>
          <p class="row-side">
            <span>{meeting.starts_at ? day(meeting.starts_at) : t().home.noDate}</span>
            <span class="muted">{t().home.delegationCount(meeting.delegations.length)}</span>
          </p>
        </li>
      ))}
    </ul>
  );
}
