/** Option paragraphs and their groups (grammar: option). */
import type { Option, Paragraph } from "./model";
import type { Label, Scan } from "./scan";

interface Row {
  /** Of its latest option. */
  rank: number;
  /** Its first one, as an index. */
  readonly head: number;
}

/**
 * A group is a row that counts up within one section (Option 1, Option 2, …), whatever stands between. A row may hold
 * rows of the other sort: Option 1, Option A, Option B, Option 2.
 */
export function find(paragraphs: readonly Pick<Paragraph, "kind">[], scans: readonly Scan[]): Option[] {
  const found: Option[] = [];
  const rows = new Map<Label["sort"], Row>();
  scans.forEach(({ option: label }, paragraph) => {
    if (paragraphs[paragraph]?.kind === "heading") rows.clear();
    if (label === null) return;
    const row = rows.get(label.sort);
    if (row === undefined || label.rank <= row.rank) {
      rows.set(label.sort, { rank: label.rank, head: found.length });
      found.push({ paragraph, group: null, empty: label.empty });
    } else {
      const head = found[row.head] as Option;
      found[row.head] = { ...head, group: head.paragraph };
      found.push({ paragraph, group: head.paragraph, empty: label.empty });
      row.rank = label.rank;
    }
    if (label.sort === "numbered") rows.delete("lettered");
  });
  return found;
}
