import { useEffect } from "preact/hooks";
import { api, type Meeting as MeetingOf } from "../../api";
import { may } from "../../me";
import { type Loaded, useLoaded } from "../../parts/loaded";
import { Shell } from "../../parts/shell";
import { hash, paths } from "../../route";
import { day, t } from "../../text/language";
import { nameThePage } from "../../title";
import { Failed } from "../messages";
import { Documents } from "./documents";
import { Invitations } from "./invitations";
import { People } from "./people";
import { Settings } from "./settings";

const sections = ["documents", "people", "invitations", "settings"] as const;
type Section = (typeof sections)[number];

/** A meeting: its documents and people for everyone, its invitations and settings for the secretariat. */
export function Meeting({ id }: { id: string }) {
  const meeting = useLoaded(id, () => api.meeting(id));
  const title = meeting.value?.title ?? "";
  useEffect(() => nameThePage(title), [title]);
  if (meeting.problem && !meeting.value) return <Failed problem={meeting.problem} />;
  if (!meeting.value) return <Shell>{null}</Shell>;
  return <Opened meeting={meeting.value} loaded={meeting} />;
}

function Opened({ meeting, loaded }: { meeting: MeetingOf; loaded: Loaded<MeetingOf> }) {
  const open = sections.filter((section) => may("administer") || section === "documents" || section === "people");
  const section = open.find((one) => `#${one}` === hash.value) ?? "documents";
  const line = [meeting.body, meeting.starts_at && day(meeting.starts_at)].filter(Boolean).join(" · ");
  const trail = may("administer") && (
    <a class="trail" href={paths.home()}>
      {t().common.home}
    </a>
  );
  return (
    <Shell trail={trail}>
      <header class="meeting-head">
        {line && <p class="eyebrow">{line}</p>}
        <h1>{meeting.title}</h1>
        <nav class="tabs" aria-label={t().meeting.sections}>
          {open.map((one) => (
            <a key={one} href={`#${one}`} aria-current={one === section ? "page" : undefined}>
              {t().meeting[one]}
            </a>
          ))}
        </nav>
      </header>
      <Body section={section} meeting={meeting} loaded={loaded} />
    </Shell>
  );
}

function Body({ section, meeting, loaded }: { section: Section; meeting: MeetingOf; loaded: Loaded<MeetingOf> }) {
  switch (section) {
    case "documents":
      return <Documents meeting={meeting} />;
    case "people":
      return <People meeting={meeting} />;
    case "invitations":
      return <Invitations meeting={meeting} />;
    case "settings":
      return <Settings meeting={meeting} onChange={loaded.set} />;
  }
}
