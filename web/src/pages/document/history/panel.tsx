import { useEffect, useState } from "preact/hooks";
import { Problem } from "../../../api";
import { may } from "../../../me";
import { problemText, useAct } from "../../../parts/act";
import { announce } from "../../../parts/announcer";
import { Confirm } from "../../../parts/dialog";
import { Field } from "../../../parts/field";
import { useLoaded } from "../../../parts/loaded";
import { paths } from "../../../route";
import { moment, t } from "../../../text/language";
import { hashOf, NOW } from "../../past/place";
import type { Live } from "../live";
import { PackageButton } from "../proof/packageButton";
import { ProofDialog } from "../proof/proofDialog";
import { type Snapshot, snapshots } from "./snapshots";

/** Kinds of events after which there may be another snapshot. */
const TELLING: ReadonlySet<string> = new Set(["snapshot", "lock", "resolution"]);

type PanelProps = { live: Live; documentId: string };

/** The named points of the record: the chair takes one, the secretariat has the text of one back. */
export function HistoryPanel({ live, documentId }: PanelProps) {
  const loaded = useLoaded(documentId, () => snapshots.list(documentId));
  const [asked, setAsked] = useState<Snapshot | null>(null);
  const [proven, setProven] = useState<Labelled | null>(null);
  const text = t().history;
  useEffect(() => live.connection.on("event", ({ kind }) => void (TELLING.has(kind) && loaded.again())), [live]);
  if (loaded.problem) return <p role="alert">{problemText(loaded.problem)}</p>;
  if (!loaded.value) return <p class="muted">{t().common.loading}</p>;
  return (
    <div class="history">
      <div class="history-acts">
        <a class="button" href={paths.past(documentId)}>
          {t().past.open}
        </a>
        <PackageButton documentId={documentId} />
      </div>
      <label class="check">
        <input
          type="checkbox"
          checked={live.whose.value}
          onChange={(event) => {
            live.whose.value = event.currentTarget.checked;
          }}
        />
        <span>{t().past.whose}</span>
      </label>
      {may("preside") && <Take documentId={documentId} onTaken={loaded.again} />}
      {loaded.value.length === 0 && <p class="muted">{text.none}</p>}
      <ol class="snapshots">
        {loaded.value.toReversed().map((one) => (
          <li key={one.id} class="snapshot">
            <strong class={one.label === null ? "muted" : ""} dir="auto">
              {nameOf(one)}
            </strong>
            <span class="muted">{text.by(one.by.name, moment(one.at))}</span>
            <span class="muted">
              {text.progress(one.progress.agreed_paragraphs, one.progress.paragraphs, one.progress.pairs)}
            </span>
            <span class="snapshot-acts">
              <a
                class="button quiet"
                href={paths.past(documentId) + hashOf({ face: "compare", from: one.id, to: NOW })}
                aria-label={t().past.compareOf(`${nameOf(one)}, ${moment(one.at)}`)}
              >
                {t().past.compareWithNow}
              </a>
              <a
                class="button quiet"
                href={paths.past(documentId) + hashOf({ face: "text", at: one.id })}
                aria-label={t().past.readOf(`${nameOf(one)}, ${moment(one.at)}`)}
              >
                {t().past.read}
              </a>
              {isLabelled(one) && (
                <button
                  type="button"
                  class="button quiet"
                  aria-label={t().proof.openOf(one.label)}
                  onClick={() => setProven(one)}
                >
                  {t().proof.open}
                </button>
              )}
              {may("administer") && (
                <button
                  type="button"
                  class="button quiet"
                  aria-label={text.restoreOf(`${nameOf(one)}, ${moment(one.at)}`)}
                  onClick={() => setAsked(one)}
                >
                  {text.restore}
                </button>
              )}
            </span>
          </li>
        ))}
      </ol>
      {proven && <ProofDialog snapshot={proven} onClose={() => setProven(null)} />}
      {asked && <Restore snapshot={asked} onClose={() => setAsked(null)} />}
    </div>
  );
}

type Labelled = Snapshot & { label: string };

const isLabelled = (one: Snapshot): one is Labelled => one.label !== null;

const nameOf = ({ label }: Snapshot): string => label ?? t().history.automatic;

function Take({ documentId, onTaken }: { documentId: string; onTaken: () => Promise<void> }) {
  const act = useAct();
  const [label, setLabel] = useState("");
  const [missing, setMissing] = useState(false);
  const text = t().history;
  const take = () => {
    const words = label.trim();
    setMissing(words === "");
    if (words === "") return;
    void act.run(async () => {
      await snapshots.take(documentId, words);
      setLabel("");
      announce(text.taken(words));
      await onTaken();
    });
  };
  return (
    <form
      class="form snapshot-form"
      onSubmit={(event) => {
        event.preventDefault();
        take();
      }}
    >
      <Field label={text.label} hint={text.labelHint} error={missing ? text.labelMissing : act.problem || undefined}>
        {(control) => (
          <input
            {...control}
            type="text"
            maxLength={300}
            value={label}
            onInput={(event) => setLabel(event.currentTarget.value)}
          />
        )}
      </Field>
      <button type="submit" class="button" disabled={act.busy}>
        {text.take}
      </button>
    </form>
  );
}

function Restore({ snapshot, onClose }: { snapshot: Snapshot; onClose: () => void }) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const text = t().history;
  const known: Record<string, string> = { locked: text.locked, frozen: text.frozen };
  const restore = async () => {
    setBusy(true);
    try {
      const { changed } = await snapshots.restore(snapshot.id);
      announce(changed ? text.restored : text.unchanged);
      onClose();
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      setProblem(known[failure.code] ?? problemText(failure));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Confirm
      title={text.restoreTitle}
      body={text.restoreBody(nameOf(snapshot))}
      action={text.restore}
      busy={busy}
      problem={problem}
      onConfirm={() => void restore()}
      onClose={onClose}
    />
  );
}
