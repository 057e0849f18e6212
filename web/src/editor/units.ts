/**
 * Positions and characters, between ProseMirror's tree and the flat text.
 *
 * A paragraph costs ProseMirror two tokens and the text one: its "\n" is the opening token, the closing one does not
 * exist. So for every position in or in front of paragraph i: flat offset = position − i. Both count UTF-16 units.
 */
import type { Node } from "prosemirror-model";
import { MARKS } from "./schema";

/** One code point, never half a surrogate pair, with its formatting. */
export interface Cell {
  readonly char: string;
  readonly format: Format;
}
export type Format = Readonly<Record<string, true>>;

const PLAIN: Format = {};
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
export const REPLACEMENT = "\ufffd";

export const flatOffset = (doc: Node, position: number): number => position - doc.resolve(position).index(0);

/** Units of the text that the document stands for. */
export const flatLength = (doc: Node): number => doc.content.size - doc.childCount;

export interface Place {
  readonly index: number;
  readonly node: Node;
  /** Flat offset of the paragraph's "\n". */
  readonly start: number;
  readonly position: number;
  /** Positions before and after the paragraph. */
  readonly before: number;
  readonly after: number;
  readonly atEnd: boolean;
}

/** The place of a flat offset ≥ 1; at the end of a paragraph it is that paragraph, not the next one. */
export function locate(doc: Node, offset: number): Place {
  let index = 0;
  let start = 0;
  while (index < doc.childCount - 1) {
    const next = start + doc.child(index).nodeSize - 1;
    if (offset <= next) break;
    start = next;
    index++;
  }
  const node = doc.child(index);
  const end = start + node.nodeSize - 1;
  if (offset < 1 || offset > end) throw new RangeError(`offset ${offset} outside the text (1 to ${end})`);
  return {
    index,
    node,
    start,
    position: offset + index,
    before: start + index,
    after: end + index + 1,
    atEnd: offset === end,
  };
}

/** Position before the paragraph with this index. */
export function positionOf(doc: Node, index: number): number {
  let position = 0;
  for (let i = 0; i < index; i++) position += doc.child(i).nodeSize;
  return position;
}

function formatOf(node: Node): Format {
  if (node.marks.length === 0) return PLAIN;
  const format: Record<string, true> = {};
  for (const mark of node.marks) format[mark.type.name] = true;
  return format;
}

export const sameFormat = (a: Format, b: Format): boolean => a === b || MARKS.every((name) => a[name] === b[name]);

/** Half a pair becomes U+FFFD, as it would on the wire. */
export const wellFormed = (char: string): string => (LONE_SURROGATE.test(char) ? REPLACEMENT : char);

/** The characters between two positions; the opening token of a paragraph is its "\n". */
export function cells(doc: Node, from: number, to: number): Cell[] {
  const out: Cell[] = [];
  doc.nodesBetween(from, to, (node, position) => {
    if (node.isText) {
      const format = formatOf(node);
      const text = (node.text as string).slice(Math.max(0, from - position), to - position);
      for (const char of text) out.push({ char: wellFormed(char), format });
    } else if (position >= from && position < to) {
      out.push({ char: "\n", format: PLAIN });
    }
  });
  return out;
}

const unit = (doc: Node, position: number): number => doc.textBetween(position, position + 1, "\n").charCodeAt(0);

/** Whether a position parts the halves of a surrogate pair. */
export function splitsPair(doc: Node, position: number): boolean {
  if (position < 2 || position > doc.content.size - 2) return false;
  const low = unit(doc, position);
  if (!(low >= 0xdc00 && low <= 0xdfff)) return false;
  const high = unit(doc, position - 1);
  return high >= 0xd800 && high <= 0xdbff;
}
