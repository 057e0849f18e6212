/** What each bracket is: of several kinds that fit, the first (grammar: kind). */
import type { Kind } from "./model";
import { isLetter, isSpace, LETTER, Pattern } from "./pattern";

const PLACEHOLDER = new Pattern(
  String.raw`|x{1,3}|n|x\.y|20(?:xx|__)|\.\.+|…+|_+|[\-–—]{1,3}|[●•*]{1,3}` +
    "|dates?|day|month|years?|place|venue|city|country|name|title|number|amount|figure" +
    "|tb[cd]|to (?:be (?:determined|confirmed|completed|decided|added|inserted|developed)|come|follow)" +
    String.raw`|insert\b.*|placeholder\b.*` +
    "|дата|год|число|место|название|подлежит (?:определению|уточнению|согласованию)",
  "is",
);
const LANGUAGE = "arabic|chinese|english|french|russian|spanish|turkish";
const NOTE = new Pattern(
  String.raw`(?:(?:editorial|editor[’']s|(?:co-)?(?:facilitator|chair)s?[’']?s?|secretariat|drafting|explanatory)\s)?` +
    String.raw`(?:note|comment)s?(?:\s[^:.;]{0,60})?:` +
    String.raw`|note\sby\b|примечание\b|(?:in\s(?:${LANGUAGE})|(?:${LANGUAGE})\sonly|original:\s?(?:${LANGUAGE}))$`,
  "i",
);
const RESERVATION = new Pattern(String.raw`(?:\w+\s)?reservation\s(?:by|of|from|on)\b|оговорка\b`, "i");
const DELETION = new Pattern(String.raw`(?:delete|исключить|удалить)\s*:`, "i");
const NUMBER = new Pattern(String.raw`\d{1,4}`);
const LETTERS = new Pattern(`${LETTER}+`);
const WHOLE_WORD = new Pattern("shall|should|will|may|must|and|or", "i"); // touched by a letter for want of a space
const PUNCTUATION = new Pattern(String.raw`(?:[^\w\s]|\s)+`);
/** Scripts without spaces between words: a bracket that touches a letter there is no part of a word. */
const SPACELESS =
  /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]/u;

/** What a bracket's kind is told by, but for its neighbours. */
export interface Sight {
  /** Its words without attribution; null: too long for any short kind, or in several paragraphs. */
  readonly core: string | null;
  /** The first of them. */
  readonly head: string;
  /** The characters before and after it; a space that is inside counts. "" where the paragraph begins and ends. */
  readonly before: string;
  readonly behind: string;
  /** A party reserves its position in so many words. */
  readonly reserved: boolean;
  /** All of its paragraph. */
  readonly whole: boolean;
  /** Into another paragraph. */
  readonly crosses: boolean;
}

export const wordsIn = ({ core, head }: Sight): string => core ?? head;
export const isNote = (sight: Sight): boolean => NOTE.matches(wordsIn(sight));
export const isReservation = ({ reserved, head }: Sight): boolean => reserved || RESERVATION.matches(head);

/** `before`: of a part of a word, what stands before the parts. `offers`: in a run, or parted by a slash. */
export function kindOf(sight: Sight, before: string, offers: boolean): Kind {
  const is = (pattern: Pattern) => sight.core !== null && pattern.is(sight.core);
  if (is(PLACEHOLDER)) return "placeholder";
  if (isNote(sight)) return "note";
  if (isReservation(sight)) return "reservation";
  if (DELETION.matches(sight.head)) return "deletion";
  if ((before === "" || isSpace(before)) && is(NUMBER)) return "number";
  const glued = isLetter(before) || isLetter(sight.behind);
  const around = `${before}${sight.core}${sight.behind}`;
  if (glued && is(LETTERS) && !is(WHOLE_WORD) && !SPACELESS.test(around)) return "word_part";
  if (is(PUNCTUATION)) return "punctuation";
  if (offers) return "alternative";
  if (sight.whole) return "paragraph";
  return sight.crosses ? "section" : "contested";
}
