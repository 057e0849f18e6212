/** The server's REST calls (contract, section 4), typed. Whatever goes wrong is thrown as a `Problem`. */

export type Role = "secretariat" | "chair" | "delegate" | "observer";
export type Right = "read" | "edit" | "comment" | "take_position" | "preside" | "administer";
export type DelegationKind = "member" | "observer" | "organisation";

export type Delegation = { code: string; name: string; kind: DelegationKind };
export type Participant = {
  id: string;
  name: string;
  role: Role;
  meeting: string | null;
  delegation: string | null;
  online?: boolean;
};
export type Meeting = {
  id: string;
  title: string;
  body: string | null;
  starts_at: string | null;
  ends_at: string | null;
  delegations: Delegation[];
  settings: { observers_may_comment: boolean };
};
export type Me = { participant: Participant; meeting: Meeting | null; rights: Right[] };
export type Progress = {
  pairs: number;
  issues: number;
  words: number;
  paragraphs: number;
  clean_paragraphs: number;
  agreed_paragraphs: number;
};
export type Draft = {
  id: string;
  meeting: string;
  title: string;
  symbol: string | null;
  seq: number;
  frozen: boolean;
  progress: Progress;
};
export type Invitation = {
  id: string;
  role: Role;
  delegation: string | null;
  name: string | null;
  expires_at: string | null;
  max_uses: number | null;
  uses: number;
  revoked_at: string | null;
};
/** What an invitation link offers, before it is used. */
export type Offer = {
  role: Role;
  name: string | null;
  delegation: Delegation | null;
  meeting: Pick<Meeting, "id" | "title" | "body" | "starts_at"> | null;
};
/** A paragraph as the server has it. */
export type Written = {
  id: string;
  text: string;
  runs: { text: string; marks: string[] }[];
  digest: string;
};
export type LockRequest = { digest: string; status: "agreed" | "agreed_ad_ref"; allow_brackets: boolean };
export type Page<T> = { items: T[]; next: string | null };

/** An answer of `application/problem+json`, or a request that never came through (status 0, code "network"). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    /** What this kind of problem says besides. */
    readonly members: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail || code);
  }
}

/** `once`: sent under an idempotency key, the one that is given or a new one, so that a repetition does nothing twice. */
export async function call<T>(
  method: string,
  path: string,
  body?: unknown,
  once: boolean | string = method === "POST",
): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  const request: RequestInit = { method, headers, credentials: "same-origin" };
  if (body instanceof FormData) request.body = body;
  else if (body !== undefined) {
    headers["Content-Type"] = "application/json";
    request.body = JSON.stringify(body);
  }
  if (once) headers["Idempotency-Key"] = once === true ? randomKey() : once;
  const answer = await sent(path, request);
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

/** A file of the server's. */
export const fetched = (path: string): Promise<Response> => sent(path, { credentials: "same-origin" });

async function sent(path: string, request: RequestInit): Promise<Response> {
  const answer = await fetch(path, request).catch(() => {
    throw new Problem(0, "network", "");
  });
  if (!answer.ok) throw await problemOf(answer);
  return answer;
}

async function problemOf(answer: Response): Promise<Problem> {
  if (!answer.headers.get("Content-Type")?.includes("json")) return new Problem(answer.status, "unexpected", "");
  const body = (await answer.json()) as { code?: string; detail?: string };
  return new Problem(answer.status, body.code ?? "unexpected", body.detail ?? "", body);
}

/** Not `crypto.randomUUID`, which browsers withhold from pages that came over plain http. */
export function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** All pages of a list, one after the other. */
export async function all<T>(path: string): Promise<T[]> {
  const items: T[] = [];
  let after: string | null = null;
  do {
    const place = after === null ? "" : `&after=${encodeURIComponent(after)}`;
    const page: Page<T> = await call("GET", `${path}?limit=200${place}`);
    items.push(...page.items);
    after = page.next;
  } while (after !== null);
  return items;
}

export const at = encodeURIComponent;

export type NewMeeting = { title: string; body?: string; starts_at?: string; delegations?: Delegation[] | "cica" };
export type MeetingChange = Partial<Pick<Meeting, "title" | "body" | "starts_at" | "delegations" | "settings">>;
export type NewInvitation = {
  role: Role;
  delegation?: string;
  name?: string;
  expires_in?: number;
  max_uses?: number;
};
export type NewDraft = { title: string; symbol?: string };
export type Invited = Invitation & { url: string; token: string };
export type Note = { code: string; paragraph: number | null; detail: string };
export type Imported = Draft & { report: Note[] };

/** What becomes of the changes that a file keeps track of. */
export type TrackedChoice = "accept" | "reject" | "brackets";
export type PreviewedParagraph = {
  kind: string;
  level: number;
  label: string | null;
  text: string;
  runs: { text: string; marks: string[] }[];
};
/** A document as it would be made. */
export type Preview = {
  progress: Progress;
  report: Note[];
  tracked: { insertions: number; deletions: number; authors: string[] };
  threads: { paragraph: number; quote: string | null; resolved: boolean; comments: string[] }[];
  paragraphs: PreviewedParagraph[];
};

function formOf(file: File, draft: NewDraft, tracked: TrackedChoice): FormData {
  const form = new FormData();
  form.set("file", file);
  form.set("title", draft.title);
  form.set("tracked", tracked);
  if (draft.symbol) form.set("symbol", draft.symbol);
  return form;
}

export const api = {
  me: () => call<Me>("GET", "/api/me"),
  offer: (token: string) => call<Offer>("POST", "/api/join/preview", { token }, false),
  join: (token: string, name: string) => call<{ participant: Participant }>("POST", "/api/join", { token, name }),

  signOut: () => call<void>("DELETE", "/api/session"),

  meetings: () => all<Meeting>("/api/meetings"),
  meeting: (meeting: string) => call<Meeting>("GET", `/api/meetings/${at(meeting)}`),
  createMeeting: (meeting: NewMeeting) => call<Meeting>("POST", "/api/meetings", meeting),
  changeMeeting: (meeting: string, change: MeetingChange) =>
    call<Meeting>("PATCH", `/api/meetings/${at(meeting)}`, change),

  participants: (meeting: string) => all<Participant>(`/api/meetings/${at(meeting)}/participants`),
  removeParticipant: (participant: string) => call<void>("DELETE", `/api/participants/${at(participant)}`),

  invitations: (meeting: string) => all<Invitation>(`/api/meetings/${at(meeting)}/invitations`),
  invite: (meeting: string, invitation: NewInvitation) =>
    call<Invited>("POST", `/api/meetings/${at(meeting)}/invitations`, invitation),
  revoke: (invitation: string) => call<void>("DELETE", `/api/invitations/${at(invitation)}`),

  documents: (meeting: string) => all<Draft>(`/api/meetings/${at(meeting)}/documents`),
  document: (document: string) => call<Draft>("GET", `/api/documents/${at(document)}`),
  renameDocument: (document: string, change: { title: string; symbol: string | null }) =>
    call<Draft>("PATCH", `/api/documents/${at(document)}`, change),
  paragraphs: (document: string) => call<{ paragraphs: Written[] }>("GET", `/api/documents/${at(document)}/paragraphs`),
  lock: (document: string, paragraph: string, lock: LockRequest) =>
    call<unknown>("PUT", `/api/documents/${at(document)}/paragraphs/${at(paragraph)}/lock`, lock),
  unlock: (document: string, paragraph: string, reason: string) =>
    call<void>("DELETE", `/api/documents/${at(document)}/paragraphs/${at(paragraph)}/lock`, { reason }),
  freeze: (document: string, change: { frozen: boolean; reason?: string }) =>
    call<unknown>("PUT", `/api/documents/${at(document)}/frozen`, change),
  setFocus: (document: string, paragraph: string | null) =>
    call<unknown>("PUT", `/api/documents/${at(document)}/focus`, { paragraph }),
  createDocument: (meeting: string, draft: NewDraft) =>
    call<Imported>("POST", `/api/meetings/${at(meeting)}/documents`, draft),
  previewDocument: (meeting: string, file: File, draft: NewDraft, tracked: TrackedChoice) =>
    call<Preview>("POST", `/api/meetings/${at(meeting)}/documents/preview`, formOf(file, draft, tracked), false),
  uploadDocument: (meeting: string, file: File, draft: NewDraft, tracked: TrackedChoice) =>
    call<Imported>("POST", `/api/meetings/${at(meeting)}/documents`, formOf(file, draft, tracked)),
};
