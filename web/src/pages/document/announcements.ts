import { useEffect } from "preact/hooks";
import type { Status } from "../../connection/status";
import { announce } from "../../parts/announcer";
import { t } from "../../text/language";
import type { Live } from "./live";
import { chipWords } from "./savedChip";

const GRAVE: ReadonlySet<Status["state"]> = new Set(["offline", "held", "signedout", "refused"]);
const SETTLED: ReadonlySet<Status["state"]> = new Set(["saved", "readonly"]);

/**
 * Says what one must not miss though one looks elsewhere: the line went down, or all is well again; words came back.
 * The chip itself is no live region: it changes with every few keystrokes.
 */
export function useAnnouncements(live: Live): void {
  useEffect(() => {
    let troubled = false;
    return live.status.subscribe((status) => {
      if (GRAVE.has(status.state) !== troubled && (GRAVE.has(status.state) || SETTLED.has(status.state))) {
        troubled = GRAVE.has(status.state);
        announce(chipWords(status));
      }
    });
  }, [live]);
  useEffect(() => {
    let known = live.tray.value.length;
    return live.tray.subscribe((items) => {
      if (items.length > known) announce(t().document.newWords(items.length - known));
      known = items.length;
    });
  }, [live]);
}
