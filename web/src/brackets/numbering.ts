/** The number at the start of a paragraph, as negotiating texts write it: `PP4 bis`, `OP7 alt 2.`, `Article 5`, `(a)`. */
import { Pattern, skipSpaces, words } from "./pattern";

const LATIN = "bis|ter|quater|quinquies|sexies|septies|octies|novies|decies";
const CLAUSE = new Pattern(
  String.raw`(?<word>PP|OP|Article|Art\.|Статья)\s*(?<number>\d{1,3})` +
    String.raw`(?<more>(?:\s*(?:${LATIN})\b)?(?:\s*alt\b(?:\.?\s*\d{1,2})?)?)(?<stop>\s*[.:)])?(?=[\s\[\(\{]|$)\s*`,
);
const ENUMERATOR = new Pattern(
  String.raw`(?<label>\d{1,3}(?:\.\d{1,3}){0,4}(?:\s(?:${LATIN}))?(?:\salt(?:\s\d{1,2})?)?[.)]` +
    String.raw`|\d{1,3}(?:\.\d{1,3}){1,4}` +
    String.raw`|\((?:\d{1,3}|[a-z]{1,2}|[ivxlc]{1,6}|[а-я])\)` +
    String.raw`|(?:[a-z]|[ivx]{1,5}|[а-я])\)` +
    String.raw`|[IVXLC]{1,7}\.` +
    String.raw`|[A-Z]\.)(?:\s+|(?=\[))`,
);
const AFTER_ARTICLE = new Pattern(String.raw`\s*(?:$|[\[\(\{—–\-])`);

export interface Numbered {
  readonly sort: "preamble" | "operative" | "article" | "plain";
  /** As one writes it, with single spaces. */
  readonly label: string;
  /** Where the paragraph's own words begin. */
  readonly end: number;
}

/** What `text` is numbered with, or null. */
export function number(text: string): Numbered | null {
  const begins = skipSpaces(text);
  return clause(text, begins) ?? enumerator(text, begins);
}

function clause(text: string, begins: number): Numbered | null {
  const match = CLAUSE.match(text, begins);
  if (match === null) return null;
  const { word = "", number: digits = "", more = "", stop } = match.groups ?? {};
  const end = begins + match[0].length;
  const rest = words(more.replace(/alt\.?/u, "alt ")).join(" ");
  if (word === "PP" || word === "OP")
    return { sort: word === "PP" ? "preamble" : "operative", label: `${word}${digits} ${rest}`.trimEnd(), end };
  if (stop === undefined && !AFTER_ARTICLE.matches(text, begins + lengthTo(match[0], digits, more))) return null; // a sentence
  return { sort: "article", label: `${word} ${digits} ${rest}`.trimEnd(), end };
}

/** Where the digits and what belongs to them end. */
const lengthTo = (matched: string, digits: string, more: string): number =>
  matched.indexOf(digits) + digits.length + more.length;

function enumerator(text: string, begins: number): Numbered | null {
  const match = ENUMERATOR.match(text, begins);
  return match && { sort: "plain", label: match.groups?.label ?? "", end: begins + match[0].length };
}
