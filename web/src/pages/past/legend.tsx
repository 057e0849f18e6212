import { t } from "../../text/language";
import { hue, type Parties } from "./parties";

type LegendProps = {
  title: string;
  shares: readonly { party: string; share?: string }[];
  parties: Parties;
  chosen: string | null;
  onChoose: (party: string | null) => void;
};

/** Whose the words or the changes are; choosing one leaves the others pale. */
export function Legend({ title, shares, parties, chosen, onChoose }: LegendProps) {
  return (
    <fieldset class="legend">
      <legend>{title}</legend>
      <div class="legend-parties">
        <button type="button" class="legend-one" aria-pressed={chosen === null} onClick={() => onChoose(null)}>
          {t().past.everybody}
        </button>
        {shares.map(({ party, share }) => (
          <button
            key={party}
            type="button"
            class={`legend-one ${hue(party)}`}
            aria-pressed={chosen === party}
            onClick={() => onChoose(chosen === party ? null : party)}
          >
            <span class="legend-tag">{parties.tagOf(party)}</span>
            <bdi>{parties.nameOf(party)}</bdi>
            {share && <span class="muted">{share}</span>}
          </button>
        ))}
      </div>
    </fieldset>
  );
}
