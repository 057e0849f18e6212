/** REST of snapshots (contract, section 4). */
import { all, at, call } from "../../../api";
import type { By } from "../lockState";

export type Snapshot = {
  id: string;
  /** Null: the server took it by itself. */
  label: string | null;
  seq: number;
  by: By;
  at: string;
  progress: { pairs: number; paragraphs: number; agreed_paragraphs: number };
};

export const snapshots = {
  list: (document: string) => all<Snapshot>(`/api/documents/${at(document)}/snapshots`),
  take: (document: string, label: string) =>
    call<Snapshot>("POST", `/api/documents/${at(document)}/snapshots`, { label }),
  restore: (snapshot: string) => call<{ changed: boolean }>("POST", `/api/snapshots/${at(snapshot)}/restore`),
};
