/**
 * Patterns, written as the server's are and meaning the same: `\s`, `\w`, `\d` and `\b` by Unicode as Python has them,
 * where JavaScript means other spaces and ASCII words. `\b` stands behind a letter only.
 */
const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const WORD = "\\p{L}\\p{N}_";
export const LETTER = "[\\p{L}\\p{Nl}\\p{No}]";

const CLASSES: Readonly<Record<string, string>> = { s: SPACE, w: WORD, d: "\\p{Nd}" };
const TOKEN = /\\u\{[0-9a-f]+\}|\\[pP]\{\w+\}|\\.|\(\?<[a-z_]+>|./gsu;

/** One pattern, at a place or over a whole string. `i` counts all letters alike, `s` lets the dot take line breaks. */
export class Pattern {
  private readonly sticky: RegExp;
  private readonly whole: RegExp;

  constructor(source: string, flags: "" | "i" | "is" = "") {
    const translated = translate(source, flags.includes("i"), flags.includes("s"));
    this.sticky = new RegExp(translated, `uy${flags}`);
    this.whole = new RegExp(`^(?:${translated})$`, `u${flags}`);
  }
  match(text: string, at = 0): RegExpExecArray | null {
    this.sticky.lastIndex = at;
    return this.sticky.exec(text);
  }
  matches(text: string, at = 0): boolean {
    this.sticky.lastIndex = at;
    return this.sticky.test(text);
  }
  /** Where what matches at `at` ends; null: nothing does. */
  end(text: string, at: number): number | null {
    return this.matches(text, at) ? this.sticky.lastIndex : null;
  }
  full(text: string): RegExpExecArray | null {
    return this.whole.exec(text);
  }
  is(text: string): boolean {
    return this.whole.test(text);
  }
}

/** For searching and splitting. */
export const searching = (source: string, flags: "" | "i" = ""): RegExp =>
  new RegExp(translate(source, flags === "i", false), `u${flags}`);

function translate(source: string, anyCase: boolean, dotAll: boolean): string {
  let out = "";
  let inside = false;
  for (const [token] of source.matchAll(TOKEN)) {
    const named = /^\\([swd])$/.exec(token)?.[1];
    if (named !== undefined) out += inside ? CLASSES[named] : `[${CLASSES[named]}]`;
    else if (token === "\\b") out += `(?![${WORD}])`;
    else if (token === "." && !inside) out += dotAll ? "." : "[^\\n]";
    // Without regard to case, Python also takes the Turkish İ and ı for an i.
    else if (anyCase && !inside && (token === "i" || token === "I")) out += "[iİı]";
    else {
      if (token === "[") inside = true;
      else if (token === "]") inside = false;
      out += token;
    }
  }
  return out;
}

const NOT_SPACE = new RegExp(`[^${SPACE}]`, "uy");
const SPACES = new RegExp(`[${SPACE}]+`, "u");
const IS_SPACE = new RegExp(`^[${SPACE}]$`, "u");
const IS_LETTER = /^\p{L}$/u;

export const isSpace = (char: string): boolean => IS_SPACE.test(char);
export const isLetter = (char: string): boolean => IS_LETTER.test(char);

/** The first place from `at` on that is no space. */
export function skipSpaces(text: string, at = 0): number {
  let place = at;
  while (place < text.length) {
    NOT_SPACE.lastIndex = place;
    if (NOT_SPACE.test(text)) break;
    place++;
  }
  return place;
}
export function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && isSpace(text[end - 1] as string)) end--;
  return text.slice(0, end);
}
export const trim = (text: string): string => trimEnd(text.slice(skipSpaces(text)));
export const words = (text: string): string[] => text.split(SPACES).filter((word) => word !== "");

/** Without regard to case, one letter at a time: the last σ of a word is a letter like any other. */
export function fold(text: string): string {
  if (/^[ -~]*$/.test(text)) return text.toLowerCase();
  return Array.from(text, (char) => (char === "ı" ? char : char.toUpperCase().toLowerCase())).join("");
}
