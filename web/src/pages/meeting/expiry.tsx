import { Field } from "../../parts/field";
import { t } from "../../text/language";

const DAY = 86_400; // seconds
const seconds = { day: DAY, week: 7 * DAY, month: 30 * DAY, ever: undefined } as const;

export type Validity = keyof typeof seconds;
const choices = Object.keys(seconds) as Validity[];

/** As the server takes it: `expires_in`, or nothing for a link without an end. */
export function secondsOf(validity: Validity): { expires_in?: number } {
  const span = seconds[validity];
  return span === undefined ? {} : { expires_in: span };
}

/** How long a link may be used. */
export function ExpiryField({ value, onChange }: { value: Validity; onChange: (value: Validity) => void }) {
  return (
    <Field label={t().meeting.expires}>
      {(control) => (
        <select
          {...control}
          value={value}
          onChange={(event) => onChange(choices.find((one) => one === event.currentTarget.value) ?? value)}
        >
          {choices.map((one) => (
            <option key={one} value={one}>
              {t().meeting.expiresChoices[one]}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
