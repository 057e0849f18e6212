import { Field } from "../../parts/field";
import { t } from "../../text/language";

type NameProps = {
  title: string;
  symbol: string;
  onTitle: (title: string) => void;
  onSymbol: (symbol: string) => void;
};

/** What a document is called. */
export function NameFields({ title, symbol, onTitle, onSymbol }: NameProps) {
  const text = t().meeting;
  return (
    <>
      <Field label={text.documentTitle}>
        {(control) => (
          <input
            {...control}
            type="text"
            required
            maxLength={500}
            dir="auto"
            value={title}
            onInput={(event) => onTitle(event.currentTarget.value)}
          />
        )}
      </Field>
      <Field label={text.symbol} hint={text.symbolHint} optional>
        {(control) => (
          <input
            {...control}
            type="text"
            maxLength={100}
            dir="auto"
            value={symbol}
            onInput={(event) => onSymbol(event.currentTarget.value)}
          />
        )}
      </Field>
    </>
  );
}
