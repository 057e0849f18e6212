import { signal } from "@preact/signals";
import { api, Problem } from "./api";
import { forgetAll } from "./connection/keep";
import { signedOut, whoAmI } from "./me";
import { problemText } from "./parts/act";
import { announce } from "./parts/announcer";
import { t } from "./text/language";

/** Changes on this page that the server has not acknowledged; while there are any, leaving is asked about. */
export const unsaved = signal(0);

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
  await forgetAll(participant);
  signedOut(true);
}

/** The browser asks before the page is left, but only while something is unsaved. */
export function guardLeaving(): void {
  window.addEventListener("beforeunload", (event) => {
    if (unsaved.value > 0) event.preventDefault();
  });
}
