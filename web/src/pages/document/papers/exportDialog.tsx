import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { useAct } from "../../../parts/act";
import { announce } from "../../../parts/announcer";
import { Dialog } from "../../../parts/dialog";
import { Choice, Field } from "../../../parts/field";
import { useLoaded } from "../../../parts/loaded";
import { moment, t } from "../../../text/language";
import { type Snapshot, snapshots } from "../history/snapshots";
import { PackageButton } from "../proof/packageButton";
import { type Asked, exported, type Format, formats, paged, save, shaded } from "./papers";

const FIRST = "1"; // seq of the entry that brought the text in

const SEQ = /^\d{1,15}$/;

const USUAL: Asked = {
  format: "docx",
  at: "head",
  against: "",
  comments: false,
  clean: false,
  shading: true,
  lines: true,
};

type ExportProps = {
  documentId: string;
  /** Points of the record that are offered first. */
  at?: string;
  against?: string;
  onClose: () => void;
};

/** A document as a file: which text, in which format, with what marked in it. What was asked for last is offered again. */
export function ExportDialog({ documentId, at, against, onClose }: ExportProps) {
  const [asked, setAsked] = useState(() => ({ ...latest, at: at ?? USUAL.at, against: against ?? USUAL.against }));
  const [unseen, setUnseen] = useState<readonly string[]>([]);
  const points = useLoaded(documentId, () => snapshots.list(documentId));
  const act = useAct();
  const text = t().papers;
  const set = (change: Partial<Asked>) => setAsked((before) => ({ ...before, ...change }));
  const write = () =>
    act.run(async () => {
      setUnseen([]);
      latest = { ...asked, at: USUAL.at, against: USUAL.against }; // points are of one document alone
      const paper = await exported(documentId, asked);
      save(paper);
      announce(text.saved(paper.name));
      if (paper.unseen.length > 0) setUnseen(paper.unseen);
      else onClose();
    });
  return (
    <Dialog title={text.title} onClose={onClose} size="large">
      <form
        class="form export"
        onSubmit={(event) => {
          event.preventDefault();
          void write();
        }}
      >
        <Choice
          legend={text.format}
          name="export-format"
          value={asked.format}
          options={formats.map((value) => ({ value, label: text.formats[value], hint: text.formatHints[value] }))}
          onChange={(format: Format) => set({ format })}
        />
        <div class="export-points">
          <PointField label={text.at} value={asked.at} points={points.value ?? []} onChange={(at) => set({ at })}>
            <option value="head">{text.now}</option>
            <option value={FIRST}>{text.first}</option>
          </PointField>
          <PointField
            label={text.against}
            hint={text.againstHint}
            value={asked.against}
            points={points.value ?? []}
            onChange={(against) => set({ against })}
          >
            <option value="">{text.againstNothing}</option>
            <option value={FIRST}>{text.first}</option>
          </PointField>
        </div>
        <Choice
          legend={text.style}
          name="export-style"
          value={asked.clean ? "clean" : "bracketed"}
          options={[
            { value: "bracketed", label: text.bracketed, hint: text.bracketedHint },
            { value: "clean", label: text.clean, hint: text.cleanHint },
          ]}
          onChange={(style) => set({ clean: style === "clean" })}
        />
        <div class="export-checks">
          <Check label={text.comments} checked={asked.comments} onChange={(comments) => set({ comments })} />
          {shaded(asked.format) && !asked.clean && (
            <Check label={text.shading} checked={asked.shading} onChange={(shading) => set({ shading })} />
          )}
          {paged(asked.format) && (
            <Check label={text.lines} checked={asked.lines} onChange={(lines) => set({ lines })} />
          )}
        </div>
        {act.problem && (
          <p class="error" role="alert">
            {act.problem}
          </p>
        )}
        {unseen.length > 0 && (
          <p class="notice warn" role="alert">
            {text.unseen(unseen.join(", "))}
          </p>
        )}
        <PackageButton documentId={documentId} />
        <div class="dialog-actions">
          <button type="button" class="button" onClick={onClose}>
            {unseen.length > 0 ? t().common.close : t().common.cancel}
          </button>
          <button type="submit" class="button primary" disabled={act.busy}>
            {act.busy ? text.writing : text.write}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

let latest: Asked = USUAL;

type PointFieldProps = {
  label: string;
  hint?: string;
  value: string;
  points: readonly Snapshot[];
  onChange: (point: string) => void;
  /** What can be chosen beside the snapshots. */
  children: ComponentChildren;
};

/** A point of the record: the snapshots that somebody named, and those that were taken by themselves, the newest first. */
function PointField({ label, hint, value, points, onChange, children }: PointFieldProps) {
  const newest = points.toReversed();
  const named = newest.filter((one) => one.label !== null);
  const others = newest.filter((one) => one.label === null);
  const option = (one: Snapshot) => (
    <option key={one.id} value={one.id}>
      {one.label === null ? moment(one.at) : `${one.label} · ${moment(one.at)}`}
    </option>
  );
  return (
    <Field label={label} hint={hint}>
      {(control) => (
        <select {...control} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
          {children}
          {SEQ.test(value) && value !== FIRST && <option value={value}>{t().papers.entry(value)}</option>}
          {named.map(option)}
          {others.length > 0 && <optgroup label={t().papers.automatic}>{others.map(option)}</optgroup>}
        </select>
      )}
    </Field>
  );
}

type CheckProps = { label: string; checked: boolean; onChange: (checked: boolean) => void };

const Check = ({ label, checked, onChange }: CheckProps) => (
  <label class="check">
    <input type="checkbox" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
    {label}
  </label>
);
