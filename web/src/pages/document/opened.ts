import { api, type Draft, type Meeting } from "../../api";

/** What a page about a document needs: the document and, for the names of its delegations, its meeting. */
export type Opened = { draft: Draft; meeting: Meeting };

export async function openDocument(id: string): Promise<Opened> {
  const draft = await api.document(id);
  return { draft, meeting: await api.meeting(draft.meeting) };
}
