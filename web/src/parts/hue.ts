const HUES = 12; // as many as tokens.css defines

/** The class that gives a delegation its colour: the same for everybody, everywhere, in every session. */
export function hueOf(code: string): string {
  let sum = 7;
  for (const letter of code) sum = (sum * 13 + (letter.codePointAt(0) ?? 0)) % 9973;
  return `hue-${sum % HUES}`;
}
