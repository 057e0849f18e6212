import type { Status } from "../../connection/status";
import { Disclosure } from "../../parts/disclosure";
import { clockTime, t } from "../../text/language";
import type { Live } from "./live";

type Face = "saved" | "saving" | "offline" | "readonly" | "signedout" | "held";

/** What becomes of one's words, from the server's acknowledgements alone. */
export function SavedChip({ live }: { live: Live }) {
  const status = live.status.value;
  const face = faceOf(status);
  const words = chipWords(status);
  return (
    <Disclosure
      className={`chip chip-${face}`}
      face={
        <>
          <span class="chip-dot" aria-hidden="true" />
          {words}
        </>
      }
    >
      <p>{t().document.chip.explain[face]}</p>
      {face === "offline" && (
        <button type="button" class="button wide" onClick={() => live.connection.retry()}>
          {t().document.chip.retry}
        </button>
      )}
    </Disclosure>
  );
}

function faceOf({ state }: Status): Face {
  if (state === "opening") return "saving";
  return state === "refused" ? "signedout" : state;
}

export function chipWords({ state, unsaved, kept, at }: Status): string {
  const text = t().document.chip;
  switch (state) {
    case "opening":
      return text.connecting;
    case "saved":
      return at ? text.savedAt(clockTime(at)) : text.saved;
    case "offline":
      if (unsaved === 0) return text.offline;
      return kept ? text.offlineKept(unsaved) : text.offlineKeeping(unsaved);
    case "refused":
      return text.signedout;
    default:
      return text[state];
  }
}
