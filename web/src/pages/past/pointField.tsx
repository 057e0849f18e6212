import { Field } from "../../parts/field";
import { moment, t } from "../../text/language";
import type { Snapshot } from "../document/history/snapshots";
import { FIRST, NOW } from "./place";

type PointFieldProps = {
  label: string;
  value: string;
  snapshots: readonly Snapshot[];
  onChange: (point: string) => void;
};

/** A point of the record: the text as it came in, the snapshots, now; or whichever entry is looked at. */
export function PointField({ label, value, snapshots, onChange }: PointFieldProps) {
  const text = t().past;
  const newest = snapshots.toReversed();
  const named = newest.filter((one) => one.label !== null);
  const others = newest.filter((one) => one.label === null);
  const known = value === FIRST || value === NOW || snapshots.some((one) => one.id === value);
  const option = (one: Snapshot) => (
    <option key={one.id} value={one.id}>
      {one.label === null ? moment(one.at) : `${one.label} · ${moment(one.at)}`}
    </option>
  );
  return (
    <Field label={label}>
      {(control) => (
        <select {...control} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
          <option value={NOW}>{text.now}</option>
          {named.map(option)}
          <option value={FIRST}>{text.first}</option>
          {!known && <option value={value}>{text.entry(value)}</option>}
          {others.length > 0 && <optgroup label={text.automatic}>{others.map(option)}</optgroup>}
        </select>
      )}
    </Field>
  );
}
