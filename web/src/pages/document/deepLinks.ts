import { useCallback, useEffect } from "preact/hooks";
import { hash } from "../../route";
import type { Live } from "./live";

const SEEN_FOR = 1600; // milliseconds that a paragraph which one has gone to stands out

/** `#p-<id>` goes to that paragraph, when the page opens and later. Returns how to go, leaving the link in the address. */
export function useDeepLinks(live: Live): (id: string) => void {
  const go = useCallback(
    (id: string) => {
      history.replaceState(null, "", `#p-${id}`);
      goTo(live, id);
    },
    [live],
  );
  const opened = live.opened.value;
  const wanted = hash.value;
  useEffect(() => {
    if (opened && wanted.startsWith("#p-")) goTo(live, wanted.slice(3));
  }, [live, opened, wanted]);
  return go;
}

function goTo(live: Live, id: string): void {
  live.view.value = "text";
  live.editor?.goTo(id);
  light(live, id);
}

/** Takes the eyes to a paragraph, and leaves the focus where it is. */
export function show(live: Live, id: string): void {
  live.view.value = "text";
  live.editor?.element(id)?.scrollIntoView({ block: "center" });
  light(live, id);
}

function light(live: Live, id: string): void {
  live.editor
    ?.element(id)
    ?.animate([{ backgroundColor: "var(--accent-soft)" }, { backgroundColor: "transparent" }], SEEN_FOR);
}
