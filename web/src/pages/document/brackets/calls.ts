/** The server's calls about brackets (contract, section 4 and B4). */
import { all, at, call, type Page } from "../../../api";
import type { Counts, Stance } from "../../../brackets";

export type Outcome = "keep" | "delete" | "replace" | "choose";
export interface By {
  readonly id: string;
  readonly name: string;
  readonly delegation: string | null;
}
export interface Position {
  readonly stance: Stance;
  readonly note: string | null;
  readonly at: string;
  readonly by: By | string | null;
  readonly on_behalf: boolean;
}
export interface Resolution {
  readonly outcome: string;
  readonly by: By | string | null;
  readonly at: string;
  readonly seq: number;
}
/** A bracket as the server has it: what this page does not read in the text itself. */
export interface Kept {
  readonly id: string;
  readonly text: string;
  readonly status: string;
  readonly opened: { readonly by: By | string | null; readonly at: string; readonly seq: number } | null;
  readonly positions: Readonly<Record<string, Position>>;
  readonly resolution: Resolution | null;
}
/** Something that was recorded of a bracket: a position, or what became of it. */
export interface Step {
  readonly seq: number;
  readonly kind: "position" | "resolution";
  readonly by: By | string | null;
  readonly at: string;
  readonly delegation?: string | null;
  readonly stance?: Stance | "none" | null;
  readonly note?: string | null;
  readonly on_behalf?: boolean | null;
  readonly outcome?: string | null;
}
export interface Changed {
  readonly id: string;
  readonly before: string;
  readonly after: string | null;
}
export interface Preview {
  /** What to send back as the text that one has seen. */
  readonly expect: string;
  readonly paragraphs: readonly Changed[];
}
/** The counts after an entry of the record. */
export interface Point {
  readonly seq: number;
  readonly at: string;
  readonly kind: string;
  readonly counts: Counts;
  /** What a resolution did to them. */
  readonly change: Counts | null;
}

const of = (document: string, bracket: string) => `/api/documents/${at(document)}/brackets/${at(bracket)}`;

/** So many brackets are asked about; what is said of those beyond comes as it is said. */
const MOST = 2_000;

async function openBrackets(document: string): Promise<Kept[]> {
  const items: Kept[] = [];
  for (let after: string | null = "0"; after !== null && items.length < MOST; ) {
    const path = `/api/documents/${at(document)}/brackets?status=open&limit=200&after=${after}`;
    const page: Page<Kept> = await call("GET", path);
    items.push(...page.items);
    after = page.next;
  }
  return items;
}

export const calls = {
  brackets: openBrackets,
  history: (document: string, bracket: string) => all<Step>(`${of(document, bracket)}/history`),
  takePosition: (document: string, bracket: string, delegation: string, stance: Stance | "none", note: string) =>
    call<unknown>("PUT", `${of(document, bracket)}/positions/${at(delegation)}`, { stance, ...(note ? { note } : {}) }),
  preview: (document: string, bracket: string, outcome: Outcome, text: string | undefined) =>
    call<Preview>(
      "POST",
      `${of(document, bracket)}/preview`,
      { outcome, ...(text === undefined ? {} : { text }) },
      false,
    ),
  resolve: (document: string, bracket: string, outcome: Outcome, text: string | undefined, expect: string) =>
    call<unknown>("POST", `${of(document, bracket)}/resolution`, {
      outcome,
      expect,
      ...(text === undefined ? {} : { text }),
    }),
  progress: (document: string) => all<Point>(`/api/documents/${at(document)}/progress`),
  show: (document: string, paragraph: string | null, bracket: string | null) =>
    call<unknown>("PUT", `/api/documents/${at(document)}/focus`, { paragraph, ...(bracket ? { bracket } : {}) }),
};
