/** Who a bracket is said to be from: `[KAZ, RUS propose; IND opposes: text]`, `[text - IND]`, `[text] (China, Iran)`. */
import type { Attribution, Stance } from "./model";
import { Pattern, searching, skipSpaces, trim, trimEnd } from "./pattern";
import { forward } from "./places";
import type { Register } from "./register";

/** An attribution is short: how far one is looked for, in code points. */
export const REACH = 300;
const LEAD = new Pattern(String.raw`([^\[\]\{\}:]{1,${REACH}}):(?:\s+|$)`);
const DASHES = [" - ", " – ", " — "];
const AFTER = new Pattern(String.raw`\s?\(([^\(\)\[\]\{\}]{1,${REACH}})\)`);
const RESERVING = searching(
  String.raw`\s(?:reserves?|reserved|wish(?:es)? to reserve|резервиру[ею]т)` +
    String.raw`\s+(?:(?:its|their|the|сво[юеи])\s+)?(?:position|right|позици|прав)`,
  "i",
);
const NO_NAME = /[[\]{}:;.]/u;
const verb = (stance: Stance, verbs: string) => [stance, new Pattern(String.raw`(.+?)\s+(?:${verbs})`, "i")] as const;
const VERBS = [
  verb("support", "propos(?:e|es|ed)|supports?|supported|suggests?|suggested|предлага[ею]т|поддержива[ею]т"),
  verb("oppose", "oppos(?:e|es|ed)|objects?|objected|rejects?|rejected|возража[ею]т"),
  verb("prefer", "prefers?|preferred|предпочита[ею]т"),
  verb("can_accept", String.raw`(?:can|could)\s+accept|accepts?|(?:может|могут)\s+согласиться`),
  verb("reserve", String.raw`reserves?(?:\s+(?:its|their)\s+positions?)?|резервиру[ею]т(?:\s+свою)?(?:\s+позицию)?`),
  verb("awaiting", String.raw`(?:awaits?|awaiting)(?:\s+instructions)?|ожида[ею]т(?:\s+инструкций)?`),
];

const stanceless = (codes: readonly string[]): Attribution[] =>
  codes.map((delegation) => ({ delegation, stance: null }));

export interface Said {
  readonly by: readonly Attribution[];
  /** Where the text itself begins or ends, or where what is said behind a bracket ends. */
  readonly at: number;
}

/** The attribution that the bracket's text from `start` opens with, and where the text itself begins. */
export function lead(text: string, start: number, register: Register): Said {
  const nobody = { by: [], at: start };
  const begins = skipSpaces(text, start);
  const match = LEAD.match(text, begins);
  if (match === null) return nobody;
  const found: Attribution[] = [];
  for (const part of (match[1] as string).split(";")) {
    const said = clause(part, register);
    if (said.length === 0) return nobody;
    found.push(...said);
  }
  return { by: found, at: begins + match[0].length };
}

/** The attribution that `content`, the end of a bracket's inside, closes with, and where the text before it ends. */
export function trail(content: string, register: Register): Said {
  const tail = trimEnd(content);
  const closed = tail.endsWith(")");
  const at = closed ? tail.lastIndexOf("(") : Math.max(...DASHES.map((dash) => tail.lastIndexOf(dash)));
  const codes = at < 0 ? [] : register.parties(closed ? tail.slice(at + 1, -1) : tail.slice(at + 3));
  return codes.length > 0 ? { by: stanceless(codes), at } : { by: [], at: content.length };
}

/** The attribution right behind the `]`, and where it ends. */
export function after(text: string, end: number, register: Register): Said {
  const match = AFTER.match(text, end);
  const codes = match === null ? [] : register.parties(match[1] as string);
  return match !== null && codes.length > 0
    ? { by: stanceless(codes), at: end + match[0].length }
    : { by: [], at: end };
}

/** Who reserves a position in so many words, if the bracket is that. */
export function reservation(text: string, start: number, register: Register): readonly Attribution[] {
  const head = text.slice(start, forward(text, start, REACH));
  const at = head.search(RESERVING);
  const name = head.slice(0, Math.max(0, at));
  if (at < 0 || NO_NAME.test(name)) return [];
  return register.parties(name).map((delegation) => ({ delegation, stance: "reserve" }));
}

/** `KAZ, RUS propose`, or parties alone. */
function clause(text: string, register: Register): readonly Attribution[] {
  for (const [stance, pattern] of VERBS) {
    const match = pattern.full(trim(text));
    const codes = match === null ? [] : register.parties(match[1] as string);
    if (codes.length > 0) return codes.map((delegation) => ({ delegation, stance }));
  }
  return stanceless(register.parties(text));
}
