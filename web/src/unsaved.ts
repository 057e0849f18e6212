import { signal } from "@preact/signals";

/** Changes on this page that the server has not acknowledged; while there are any, leaving is asked about. */
export const unsaved = signal(0);

/** The browser asks before the page is left, but only while something is unsaved. */
export function guardLeaving(): void {
  window.addEventListener("beforeunload", (event) => {
    if (unsaved.value > 0) event.preventDefault();
  });
}
