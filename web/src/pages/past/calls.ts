/** REST of a record's past: redlines, who wrote what, and its timeline. */
import { at, call } from "../../api";
import type { By } from "../document/lockState";

export type Span = {
  op: "=" | "+" | "-";
  text: string;
  marks: string[];
  /** Of "+": who wrote the words first; of "-": who deleted them. */
  by?: By;
  at?: string;
  /** Who brought them back, where that is another. */
  through?: By;
  /** The paragraph where the same characters stand in the other text. */
  moved?: string;
  was?: string[];
};
export type Form = { kind: string; level: number; label: string | null };
export type Compared = Form & {
  id: string;
  status: "same" | "added" | "removed" | "changed" | "moved";
  spans: Span[];
  was?: Form;
  kin?: string;
  by?: By;
  at?: string;
};
export type Redline = { from: number; to: number; paragraphs: Compared[] };

export type Words = { text: string; marks: string[]; delegation: string | null; participant: string; at: string };
export type Attributed = Form & { id: string; runs: Words[] };
export type Attribution = {
  seq: number;
  by: By | null;
  at: string | null;
  participants: By[];
  paragraphs: Attributed[];
};

export type Moment = {
  seq: number;
  kind: "lock" | "unlock" | "freeze" | "resolution" | "snapshot" | "restore";
  by: By;
  at: string;
  label?: string;
  outcome?: string;
  reason?: string | null;
  frozen?: boolean;
};
export type Timeline = { seq: number; ticks: { seq: number; at: string }[]; moments: Moment[] };

const path = (document: string): string => `/api/documents/${at(document)}`;

export const past = {
  diff: (document: string, from: string, to: string) =>
    call<Redline>("GET", `${path(document)}/diff?from=${at(from)}&to=${at(to)}`),
  /** Of one paragraph alone, if one is named. */
  attribution: (document: string, point: string, paragraph?: string) =>
    call<Attribution>(
      "GET",
      `${path(document)}/attribution?at=${at(point)}${paragraph === undefined ? "" : `&paragraph=${at(paragraph)}`}`,
    ),
  timeline: (document: string) => call<Timeline>("GET", `${path(document)}/timeline`),
};
