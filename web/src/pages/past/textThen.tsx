import { useEffect, useState } from "preact/hooks";
import { problemText } from "../../parts/act";
import { useLoaded } from "../../parts/loaded";
import { part, t } from "../../text/language";
import type { Snapshot } from "../document/history/snapshots";
import { Authored, sharesOf } from "./authored";
import { past } from "./calls";
import { Detailed } from "./detail";
import { Legend } from "./legend";
import type { Parties } from "./parties";
import type { Place } from "./place";
import { PointField } from "./pointField";
import { Replay } from "./replay";
import { useStandingText } from "./standingText";
import { useSteps } from "./steps";

type TextThenProps = {
  documentId: string;
  place: Extract<Place, { face: "text" }>;
  snapshots: readonly Snapshot[];
  parties: Parties;
  onGo: (place: Place) => void;
};

/** The text at any point of the record, and whose its words are. */
export function TextThen({ documentId, place, snapshots, parties, onGo }: TextThenProps) {
  const timeline = useLoaded(documentId, () => past.timeline(documentId));
  const standing = useStandingText(documentId);
  const [chosen, setChosen] = useState<string | null>(null);
  const [coloured, setColoured] = useState(true);
  const step = useSteps(chosen === null ? ".text .words[data-tag]" : ".authored-chosen");
  const text = t().past;
  const { value: shown, problem, ask } = standing;
  useEffect(() => void ask(place.at), [ask, place.at]);
  const failed = problem ?? timeline.problem;
  return (
    <>
      {timeline.value && (
        <Replay
          timeline={timeline.value}
          shown={shown}
          onSeek={(seq) => ask(String(seq))}
          onRest={(seq) => onGo({ face: "text", at: String(seq) })}
        />
      )}
      <div class="past-tools">
        <div class="past-how">
          <PointField
            label={text.at}
            value={place.at}
            snapshots={snapshots}
            onChange={(at) => onGo({ face: "text", at })}
          />
          <label class="check">
            <input type="checkbox" checked={coloured} onChange={(event) => setColoured(event.currentTarget.checked)} />
            <span>{text.coloured}</span>
          </label>
          <span class="past-steps">
            <button type="button" class="button" onClick={() => step(-1)} title="Shift+F8">
              {text.previous}
            </button>
            <button type="button" class="button" onClick={() => step(1)} title="F8">
              {text.next}
            </button>
          </span>
        </div>
        {shown && (
          <Legend
            title={text.wordsOf}
            shares={sharesOf(shown).map((one) => ({ party: one.party, share: part(one.part) }))}
            parties={parties}
            chosen={chosen}
            onChoose={setChosen}
          />
        )}
      </div>
      {failed && <p role="alert">{problemText(failed)}</p>}
      {!shown && !failed && <p class="muted">{t().common.loading}</p>}
      {shown && (
        <Detailed label={text.textThen} className="paper past-paper">
          <Authored attribution={shown} parties={parties} chosen={chosen} coloured={coloured} />
        </Detailed>
      )}
    </>
  );
}
