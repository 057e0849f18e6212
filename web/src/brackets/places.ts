/** Places in a text: UTF-16 units here and in the editor, code points in the contract (B4) and in the rules' limits. */

const isHigh = (unit: number) => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number) => unit >= 0xdc00 && unit <= 0xdfff;
/** Whether a place parts the halves of a pair. */
const parts = (text: string, at: number) =>
  at > 0 && at < text.length && isLow(text.charCodeAt(at)) && isHigh(text.charCodeAt(at - 1));

/** UTF-16 units → code points. */
export function pointsOf(text: string, units: number): number {
  let points = 0;
  for (let at = 0; at < units; at++) if (!parts(text, at)) points++;
  return points;
}

/** Code points → UTF-16 units. */
export const unitsOf = (text: string, points: number): number => forward(text, 0, points);

/** The place so many code points further on, at most the end. */
export function forward(text: string, from: number, points: number): number {
  let at = from;
  for (let left = points; left > 0 && at < text.length; left--) at += parts(text, at + 1) ? 2 : 1;
  return at;
}

/** The place so many code points before, at least 0. */
export function back(text: string, from: number, points: number): number {
  let at = from;
  for (let left = points; left > 0 && at > 0; left--) at -= parts(text, at - 1) ? 2 : 1;
  return at;
}

/** Whether [from, to) holds more than so many code points; looks no further. */
export const exceeds = (text: string, from: number, to: number, points: number): boolean =>
  to - from > points && forward(text, from, points) < to;

/** The code point before a place, and the one behind it; "" at the ends. */
export const before = (text: string, at: number): string => text.slice(back(text, at, 1), at);
export const behind = (text: string, at: number): string => text.slice(at, forward(text, at, 1));
