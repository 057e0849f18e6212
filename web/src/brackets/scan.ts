/** One paragraph by itself: where brackets open and close, and which square brackets are none. */
import type { Paragraph, Status } from "./model";
import { type Numbered, number } from "./numbering";
import { fold, isLetter, isSpace, LETTER, Pattern, skipSpaces } from "./pattern";
import { back, before, forward } from "./places";

const MARK = /[[\]{}/"“”«»„‘’]/g;
const NO_BRACKET = new Pattern(String.raw`\[(?:sic!?|emphasis added|signed|seal|\^[^\[\]\s]{1,40})\]`, "i");
const FOOTNOTE = new Pattern(String.raw`\[\d{1,3}\](?!\[)`);
const CHECK_BOX = new Pattern(String.raw`(?:[\-*+•]|\d{1,3}[.)])\s+(?=\[[ xX]\](?:\s|$))`);
const ALTERED = new Pattern(String.raw`\[${LETTER}\](?=${LETTER})|\[\s*(?:\.\.+|…)\s*\]`);
const LINK_END = new Pattern(String.raw`\]\((?:https?://|mailto:|www\.)[^\s\(\)\[\]]{1,2000}\)`, "i");
const QUOTES: Readonly<Record<string, string>> = { "“": "”", "«": "»", "„": "“”", "‘": "’", '"': '"' };
const STATUS = new Pattern(
  String.raw`\((?:(?<agreed_ad_ref>(?:agreed|согласовано) ad ref(?:\.|erendum)?)` +
    String.raw`|(?<agreed>agreed|согласовано)|(?<pending>pending|отложено))\)\s*`,
  "i",
);
const OPTION = new Pattern(
  String.raw`(?<bracket>\[\s*)?(?:option|alternative|alt\.?|variant|вариант)\s+` +
    String.raw`(?:(?<digits>\d{1,2})|\((?<inner>${LETTER})\)|(?<letter>${LETTER}))(?!\w)(?:\s*\])?\s*[:.)–—\-]?\s*`,
  "i",
);
const NULL_OPTION = new Pattern(String.raw`[\[\{\(\s]*(?:no text|без текста|текст отсутствует)(?!\w)`, "i");
/** How far a word with a slash in it is looked at, in code points. */
const SLASH_REACH = 64;
const NO_ALTERNATIVES: ReadonlySet<string> = new Set(["and/or", "or/and", "/or", "/and", "и/или", "/или"]);
const AROUND = /^[.,;:()“”"'«»]+|[.,;:()“”"'«»]+$/gu;
const DIGIT = /\p{Nd}/u;
const LOWER = /[\p{Lowercase}\p{Lt}]/u;
const UPPER = /\p{Uppercase}/u;

/** A `[`, a `]` or a slash between alternatives; `link` marks the `]` of a Markdown link. */
export interface Sign {
  readonly char: "[" | "]" | "/";
  readonly at: number;
  readonly link: boolean;
}
/** `Option 2`, `Alt (b)`: how it counts, and its place in that row. */
export interface Label {
  readonly sort: "numbered" | "lettered";
  readonly rank: number;
  readonly empty: boolean;
}
/** A paragraph's status tag and where it stands. */
export interface Said {
  readonly status: Status;
  readonly start: number;
  readonly end: number;
}
/**
 * `text` keeps the places of the paragraph's text, with fullwidth brackets as plain ones and struck text blank;
 * `counted` is the same without facilitator's notes. Behind number, status and option label it begins at `body`.
 */
export interface Scan {
  readonly text: string;
  readonly counted: string;
  readonly signs: readonly Sign[];
  readonly number: Numbered | null;
  readonly said: Said | null;
  readonly option: Label | null;
  readonly body: number;
}

/** One pass over one paragraph; it depends on nothing else, so that it can be kept while the paragraph stays. */
export function scan(paragraph: Pick<Paragraph, "text" | "struck">): Scan {
  const text = plain(paragraph);
  const numbered = number(text);
  const begins = numbered?.end ?? skipSpaces(text);
  const said = statusAt(text, begins);
  const body = said?.end ?? begins;
  const option = OPTION.match(text, body);
  const { notes, signs } = find(text);
  return {
    text,
    counted: blanked(text, notes),
    signs,
    number: numbered,
    said,
    option: option && label(text, option, body + option[0].length),
    body: option !== null && option.groups?.bracket === undefined ? body + option[0].length : body,
  };
}

function statusAt(text: string, start: number): Said | null {
  const tag = STATUS.match(text, start);
  if (tag === null) return null;
  const status = (["agreed_ad_ref", "agreed", "pending"] as const).find((name) => tag.groups?.[name] !== undefined);
  return { status: status as Status, start, end: start + tag[0].length };
}

function label(text: string, { groups }: RegExpExecArray, end: number): Label {
  const empty = NULL_OPTION.matches(text, end);
  if (groups?.digits) return { sort: "numbered", rank: decimal(groups.digits), empty };
  return { sort: "lettered", rank: fold(groups?.inner ?? groups?.letter ?? "").codePointAt(0) ?? 0, empty };
}

/** Digits of any script; those of each stand in a row that begins at their zero. */
function decimal(digits: string): number {
  let value = 0;
  for (const digit of digits) {
    let zero = digit.codePointAt(0) as number;
    const code = zero;
    while (code - zero < 9 && DIGIT.test(String.fromCodePoint(zero - 1))) zero--;
    value = value * 10 + code - zero;
  }
  return value;
}

/** The text with fullwidth brackets as plain ones and struck text blank, each character in its place. */
function plain({ text, struck }: Pick<Paragraph, "text" | "struck">): string {
  return blanked(text, struck).replaceAll("［", "[").replaceAll("］", "]");
}

function blanked(text: string, places: readonly (readonly [number, number])[]): string {
  if (places.length === 0) return text;
  let out = "";
  let done = 0;
  for (const [start, end] of places) {
    out += text.slice(done, start) + " ".repeat(end - start);
    done = end;
  }
  return out + text.slice(done);
}

/** The facilitator's notes, and the signs outside them. One pass; every look ahead is bounded. */
function find(text: string): { notes: [number, number][]; signs: Sign[] } {
  const notes: [number, number][] = [];
  const signs: Sign[] = [];
  const begins = skipSpaces(text);
  const box = CHECK_BOX.end(text, begins) ?? -1;
  const lastBrace = text.lastIndexOf("}");
  let closing = ""; // what ends the quotation that we are in
  let done = 0;
  for (const { index: at, 0: char } of text.matchAll(MARK)) {
    if (at < done) continue;
    if (char === "{" && at < lastBrace) {
      done = text.indexOf("}", at) + 1;
      notes.push([at, done]);
    } else if (char === "[") {
      done = endOfNoBracket(text, at, box, closing !== "");
      if (done === 0) signs.push({ char, at, link: false });
    } else if (char === "]") {
      const link = LINK_END.end(text, at);
      signs.push({ char, at, link: link !== null });
      done = link ?? done;
    } else if (char === "/") {
      if (offers(text, at)) signs.push({ char, at, link: false });
    } else if (closing !== "") closing = closing.includes(char) ? "" : closing;
    else closing = QUOTES[char] ?? "";
  }
  return { notes, signs };
}

/** Where the thing at `at` ends that looks like a bracket and is none; 0: it is one. */
function endOfNoBracket(text: string, at: number, box: number, quoted: boolean): number {
  if (at === box) return at + 3;
  let end = NO_BRACKET.end(text, at);
  const glued = before(text, at);
  if (end === null && (isLetter(glued) || glued === "." || glued === ",")) end = FOOTNOTE.end(text, at);
  if (end === null && quoted) end = ALTERED.end(text, at);
  return end ?? 0;
}

/** Does the slash part alternatives? Not in and/or, symbols of documents, dates, fractions, addresses. */
function offers(text: string, at: number): boolean {
  const left = lastPiece(text.slice(back(text, at, SLASH_REACH), at));
  const right = firstPiece(text.slice(at + 1, forward(text, at + 1, SLASH_REACH)));
  const word = fold(`${left}/${right}`.replace(AROUND, ""));
  if (NO_ALTERNATIVES.has(word)) return false;
  if (DIGIT.test(word) || word.includes("//") || word.includes("www.")) return false;
  const both = left + right;
  return !(left !== "" && right !== "" && UPPER.test(both) && !LOWER.test(both));
}

const isParting = (char: string) => char === "[" || char === "]" || isSpace(char);

function firstPiece(text: string): string {
  let end = 0;
  while (end < text.length && !isParting(text[end] as string)) end++;
  return text.slice(0, end);
}
function lastPiece(text: string): string {
  let start = text.length;
  while (start > 0 && !isParting(text[start - 1] as string)) start--;
  return text.slice(start);
}

export const wordsOf = (text: string): number => text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
