/** What differs between two texts, word by word. */
export type Span = { readonly op: "=" | "+" | "-"; readonly text: string };

const LARGEST = 1_000_000; // cells of the table: above, the whole middle counts as replaced

export function wordDiff(before: string, after: string): Span[] {
  const [a, b] = [wordsOf(before), wordsOf(after)];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const middle = between(a.slice(start, a.length - end), b.slice(start, b.length - end));
  return joined([
    { op: "=", text: a.slice(0, start).join("") },
    ...middle,
    { op: "=", text: a.slice(a.length - end).join("") },
  ]);
}

const wordsOf = (text: string): string[] => text.match(/\s+|[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu) ?? [];

/** By the longest common subsequence. */
function between(a: readonly string[], b: readonly string[]): Span[] {
  const width = b.length + 1;
  if (a.length * b.length > LARGEST)
    return [
      { op: "-", text: a.join("") },
      { op: "+", text: b.join("") },
    ];
  const length = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number) => length[i * width + j] as number;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      length[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const spans: Span[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      spans.push({ op: "=", text: a[i] as string });
      [i, j] = [i + 1, j + 1];
    } else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) {
      spans.push({ op: "-", text: a[i++] as string });
    } else {
      spans.push({ op: "+", text: b[j++] as string });
    }
  }
  return spans;
}

function joined(spans: readonly Span[]): Span[] {
  const out: Span[] = [];
  for (const span of spans) {
    const last = out.at(-1);
    if (span.text === "") continue;
    if (last?.op === span.op) out[out.length - 1] = { op: span.op, text: last.text + span.text };
    else out.push(span);
  }
  return out;
}
