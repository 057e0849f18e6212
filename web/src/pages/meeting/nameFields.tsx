import { LineField } from "../../parts/field";
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
      <LineField label={text.documentTitle} max={300} value={title} onChange={onTitle} />
      <LineField label={text.symbol} hint={text.symbolHint} optional max={60} value={symbol} onChange={onSymbol} />
    </>
  );
}
