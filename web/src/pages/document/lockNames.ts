import { moment, t } from "../../text/language";
import type { Live } from "./live";
import type { Lock } from "./lockState";
import { numbered } from "./numbering";

/** What a paragraph is called in a sentence: its number or, where it has none, its first words. */
export function paragraphName(live: Live, id: string): string {
  const number = numbered(live.paragraphs.value).get(id);
  if (number) return number;
  const words = live.paragraphs.value.find((one) => one.id === id)?.text.trim() ?? "";
  return words === "" ? t().locks.aParagraph : `“${words.length > 40 ? `${words.slice(0, 40)}…` : words}”`;
}

/** "Agreed: Aigerim (Kazakhstan), 25 Nov 2026, 14:02". */
export function lockSentence(live: Live, { status, by, at }: Lock): string {
  const who = by.delegation ? `${by.name} (${live.nameOf(by.delegation)})` : by.name;
  return t().locks.by(t().locks.status[status], who, moment(at));
}
