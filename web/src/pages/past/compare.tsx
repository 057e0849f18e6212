import { useState } from "preact/hooks";
import { problemText } from "../../parts/act";
import { Choice } from "../../parts/field";
import { Icon } from "../../parts/icon";
import { useLoaded } from "../../parts/loaded";
import { t } from "../../text/language";
import type { Snapshot } from "../document/history/snapshots";
import { past } from "./calls";
import { counted, partiesIn } from "./changes";
import { Detailed } from "./detail";
import { Legend } from "./legend";
import type { Parties } from "./parties";
import type { Place } from "./place";
import { PointField } from "./pointField";
import { type Layout, RedlineView } from "./redline";
import { useSteps } from "./steps";

type CompareProps = {
  documentId: string;
  place: Extract<Place, { face: "compare" }>;
  snapshots: readonly Snapshot[];
  parties: Parties;
  onGo: (place: Place) => void;
};

/** Two points of the record, and what lies between them. */
export function Compare({ documentId, place, snapshots, parties, onGo }: CompareProps) {
  const { from, to } = place;
  const loaded = useLoaded(`${documentId} ${from} ${to}`, () => past.diff(documentId, from, to));
  const [layout, setLayout] = useState<Layout>("inline");
  const [changesOnly, setChangesOnly] = useState(false);
  const [chosen, setChosen] = useState<string | null>(null);
  const step = useSteps(".compared-touched");
  const text = t().past;
  const redline = loaded.value;
  return (
    <>
      <div class="past-tools">
        <div class="past-points">
          <PointField
            label={text.from}
            value={from}
            snapshots={snapshots}
            onChange={(point) => onGo({ ...place, from: point })}
          />
          <button
            type="button"
            class="button square"
            aria-label={text.swap}
            title={text.swap}
            onClick={() => onGo({ ...place, from: to, to: from })}
          >
            <Icon name="swap" />
          </button>
          <PointField
            label={text.to}
            value={to}
            snapshots={snapshots}
            onChange={(point) => onGo({ ...place, to: point })}
          />
        </div>
        <div class="past-how">
          <Choice
            legend={text.layout}
            name="layout"
            value={layout}
            options={[
              { value: "inline", label: text.inline },
              { value: "sides", label: text.sides },
            ]}
            onChange={setLayout}
          />
          <label class="check">
            <input
              type="checkbox"
              checked={changesOnly}
              onChange={(event) => setChangesOnly(event.currentTarget.checked)}
            />
            <span>{text.changesOnly}</span>
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
        {redline && (
          <Legend
            title={text.changesOf}
            shares={partiesIn(redline).map((party) => ({ party }))}
            parties={parties}
            chosen={chosen}
            onChoose={setChosen}
          />
        )}
        {redline && <p class="past-summary">{text.summary(counted(redline))}</p>}
      </div>
      {loaded.problem && <p role="alert">{problemText(loaded.problem)}</p>}
      {!redline && !loaded.problem && <p class="muted">{t().common.loading}</p>}
      {redline && (
        <Detailed label={text.redline} className={`paper past-paper past-${layout}`}>
          <RedlineView redline={redline} layout={layout} parties={parties} chosen={chosen} changesOnly={changesOnly} />
        </Detailed>
      )}
    </>
  );
}
