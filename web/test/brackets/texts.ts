/** Paragraphs for tests of what reads them, written as plain text. */
import type { Paragraph } from "../../src/brackets";

/** Parted by blank lines; `##` makes a heading of that level, `**` is only taken off. */
export function paragraphs(text: string): Paragraph[] {
  return text.split("\n\n").map((part, index) => {
    const plain = part.replace(/\*\*(.+?)\*\*/g, "$1");
    const heading = /^(#+) /.exec(plain);
    return {
      id: `7-${index}`,
      kind: heading ? "heading" : "body",
      level: heading?.[1]?.length ?? 1,
      text: plain.slice(heading?.[0].length ?? 0),
      struck: [],
    };
  });
}
