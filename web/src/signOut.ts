import { api, Problem } from "./api";
import { forgetAll } from "./connection/keep";
import { signedOut, whoAmI } from "./me";
import { forgetDrafts } from "./pages/document/comments/drafts";
import { problemText } from "./parts/act";
import { announce } from "./parts/announcer";
import { t } from "./text/language";
import { unsaved } from "./unsaved";

/** Ends the session. Drafts that are kept on this device are erased with it, so unsaved ones are asked about. */
export async function leave(): Promise<void> {
  if (unsaved.value > 0 && !window.confirm(t().signOutUnsaved(unsaved.value))) return;
  const participant = whoAmI().participant.id;
  try {
    await api.signOut();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (problem.status !== 401) {
      announce(problemText(problem));
      return;
    }
  }
  forgetDrafts(participant);
  await forgetAll(participant);
  signedOut(true);
}
