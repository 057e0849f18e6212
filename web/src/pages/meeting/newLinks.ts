import { signal } from "@preact/signals";
import type { Delegation, Invited, Meeting, Role } from "../../api";
import { t } from "../../text/language";

/** A link that was just made, and for whom. The server keeps only its hash, so this page alone can show it. */
export type NewLink = { id: string; url: string; role: Role; delegation: Delegation | undefined; name: string | null };

const byMeeting = signal<Readonly<Record<string, readonly NewLink[]>>>({});

/** The links made for a meeting since the page was loaded and not yet put away. */
export function newLinks(meeting: string): readonly NewLink[] {
  return byMeeting.value[meeting] ?? [];
}

export function keepLink(meeting: Meeting, invited: Invited): void {
  const link: NewLink = {
    id: invited.id,
    url: invited.url,
    role: invited.role,
    delegation: meeting.delegations.find((one) => one.code === invited.delegation),
    name: invited.name,
  };
  byMeeting.value = { ...byMeeting.value, [meeting.id]: [...newLinks(meeting.id), link] };
}

export function putLinksAway(meeting: string): void {
  byMeeting.value = { ...byMeeting.value, [meeting]: [] };
}

/** For whom, in one line. */
export function whom({ role, delegation, name }: Pick<NewLink, "role" | "delegation" | "name">): string {
  return [name, delegation?.name, t().roles[role]].filter(Boolean).join(", ");
}
