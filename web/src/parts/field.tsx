import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { t } from "../text/language";

type Described = { id: string; "aria-describedby": string | undefined; "aria-invalid": boolean };
type FieldProps = {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  optional?: boolean;
  children: (control: Described) => ComponentChildren;
};

/** A label, its control, a hint and, where the entry will not do, why. */
export function Field({ label, hint, error, optional = false, children }: FieldProps) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || undefined;
  return (
    <div class="field">
      <label for={id}>
        {label}
        {optional && <span class="muted"> · {t().common.optional}</span>}
      </label>
      {children({ id, "aria-describedby": described, "aria-invalid": Boolean(error) })}
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

type LineProps = {
  label: string;
  hint?: string;
  /** Else one must write something. */
  optional?: boolean;
  max: number;
  value: string;
  onChange: (value: string) => void;
};

/** A line of text, in whatever direction it is written. */
export function LineField({ label, hint, optional = false, max, value, onChange }: LineProps) {
  return (
    <Field label={label} optional={optional} {...(hint === undefined ? {} : { hint })}>
      {(control) => (
        <input
          {...control}
          type="text"
          required={!optional}
          maxLength={max}
          dir="auto"
          value={value}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** A day and an hour, in the reader's own time zone. */
export function TimeField({ label, value, onChange }: Pick<LineProps, "label" | "value" | "onChange">) {
  return (
    <Field label={label} optional>
      {(control) => (
        <input
          {...control}
          type="datetime-local"
          value={value}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

type ChoiceProps<Value extends string> = {
  legend: string;
  name: string;
  value: Value;
  options: readonly { value: Value; label: string; hint?: string }[];
  onChange: (value: Value) => void;
};

/** One of a few, all of them in sight. */
export function Choice<Value extends string>({ legend, name, value, options, onChange }: ChoiceProps<Value>) {
  return (
    <fieldset class="choice">
      <legend>{legend}</legend>
      <div class="choice-options">
        {options.map((option) => (
          <label key={option.value} class="choice-option">
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            <span>
              {option.label}
              {option.hint && <small>{option.hint}</small>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
