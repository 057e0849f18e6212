/** REST of proofs and of the hand-over package. */
import { at, call } from "../../../api";
import { fileAt } from "../papers/papers";

type Place = { seq: number; at: string };

/** Text of a revision that is gone in the next: whose deletion it is, by the participant's id. */
export type Deletion = { text: string; by: string; from: Place; to: Place };

/** What a statement says, as far as the page shows it. */
export type Stated = {
  facts: {
    record: { seq: number; hash: string };
    paragraphs: readonly unknown[];
    locks: readonly unknown[];
    counts: { pairs: number };
    before: { label: string } | null;
    deletions: readonly Deletion[];
  };
  named: { people: Readonly<Record<string, { name: string; delegation: string | null } | undefined>> };
  key: string;
  signed_at: string;
};

export const proofs = {
  statement: async (snapshot: string): Promise<Stated> => {
    const answer = await call<{ statement: string }>("GET", `/api/snapshots/${at(snapshot)}/statement`);
    return JSON.parse(answer.statement) as Stated;
  },
  proof: (snapshot: string) => fileAt(`/api/snapshots/${at(snapshot)}/proof`, "proof.zip"),
  checker: () => fileAt("/api/checker", "check.pyz"),
  package: (document: string) => fileAt(`/api/documents/${at(document)}/package`, "hand-over.zip"),
};
