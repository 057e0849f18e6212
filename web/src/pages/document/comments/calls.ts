/** REST of comments and visits (contract, section 4). */
import { all, at, call } from "../../../api";
import type { By } from "../lockState";
import type { Thread, Visibility } from "./thread";

export type NewThread = { body: string; quote?: string; visibility: Visibility };
/** Something that was done beside the text. */
export type Happened = {
  seq: number;
  kind: string;
  by: By;
  at: string;
  paragraph: string | null;
  bracket: string | null;
};
/** What changed since one's last visit; `since` null: one was never here. */
export type Since = {
  since: number | null;
  seq: number;
  paragraphs: { id: string; status: "added" | "changed" | "removed" }[];
  brackets: Happened[];
  locks: Happened[];
  comments: Thread[];
};

/** `key`: the same for all attempts at one post, which so is made once. */
export const calls = {
  threads: (document: string) => all<Thread>(`/api/documents/${at(document)}/threads`),
  start: (document: string, paragraph: string, thread: NewThread, key: string) =>
    call<Thread>("POST", `/api/documents/${at(document)}/paragraphs/${at(paragraph)}/threads`, thread, key),
  reply: (thread: string, body: string, key: string) =>
    call<unknown>("POST", `/api/threads/${at(thread)}/comments`, { body }, key),
  edit: (comment: string, body: string) => call<unknown>("PATCH", `/api/comments/${at(comment)}`, { body }),
  withdraw: (comment: string) => call<void>("DELETE", `/api/comments/${at(comment)}`),
  resolve: (thread: string) => call<unknown>("PUT", `/api/threads/${at(thread)}/resolved`),
  reopen: (thread: string) => call<void>("DELETE", `/api/threads/${at(thread)}/resolved`),
  publish: (thread: string) => call<unknown>("PUT", `/api/threads/${at(thread)}/published`),
  since: (document: string) => call<Since>("GET", `/api/documents/${at(document)}/since`),
  seen: (document: string, seq: number) => call<unknown>("PUT", `/api/documents/${at(document)}/seen`, { seq }),
  /** The same while the page is being left: it outlives it, and nobody hears the answer. */
  leave: (document: string, seq: number) =>
    void fetch(`/api/documents/${at(document)}/seen`, {
      method: "PUT",
      headers: { "Content-Type": "application/json" },
      credentials: "same-origin",
      keepalive: true,
      body: JSON.stringify({ seq }),
    }).catch(() => undefined),
};
