import { problemText } from "../../parts/act";
import type { Loaded } from "../../parts/loaded";
import { t } from "../../text/language";

/** A list that could not be fetched: why, and once more. */
export function Failure({ of }: { of: Pick<Loaded<unknown>, "value" | "problem" | "again"> }) {
  if (!of.problem) return of.value === undefined ? <p class="muted">{t().common.loading}</p> : null;
  return (
    <p class="notice bad" role="alert">
      {problemText(of.problem)}{" "}
      <button type="button" class="button" onClick={() => void of.again()}>
        {t().common.tryAgain}
      </button>
    </p>
  );
}
