import type { Stance } from "../../../brackets";
import { t } from "../../../text/language";

export const STANCES = [
  "support",
  "prefer",
  "can_accept",
  "reserve",
  "oppose",
  "awaiting",
] as const satisfies readonly Stance[];

/** Signs that differ in shape, so that no colour is needed to tell them apart. */
const SIGNS: Readonly<Record<Stance | "named", string>> = {
  support: "+",
  prefer: "★",
  can_accept: "✓",
  reserve: "R",
  oppose: "–",
  awaiting: "…",
  named: "•",
};

export const StanceSign = ({ stance }: { stance: Stance | "named" }) => (
  <span class={`stance stance-${stance}`} aria-hidden="true">
    {SIGNS[stance]}
  </span>
);

export function Legend() {
  const text = t().brackets;
  return (
    <ul class="stance-legend" aria-label={text.legend}>
      {STANCES.map((stance) => (
        <li key={stance}>
          <StanceSign stance={stance} />
          {text.stances[stance]}
        </li>
      ))}
      <li>
        <StanceSign stance="named" />
        {text.hasSpoken}
      </li>
    </ul>
  );
}
