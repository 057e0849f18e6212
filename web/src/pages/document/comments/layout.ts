/** Where the threads of the margin stand: level with their paragraphs, pushed down where they collide. */

/** Of one thread, in pixels: where it would begin, and how tall it is. */
export type Box = { readonly wanted: number; readonly height: number };

/**
 * The upper edges of boxes that stand one below the other in this order. Each begins where it wants to, or below the one
 * before. The `pinned` one, by its index, stands where it wants to if those before it can move up to make room.
 */
export function place(boxes: readonly Box[], gap: number, pinned = -1): number[] {
  const tops: number[] = [];
  let free = 0;
  let taken = 0; // what those before take at least
  boxes.forEach(({ wanted, height }, index) => {
    const top = index === pinned ? Math.max(wanted, taken) : Math.max(wanted, free);
    tops.push(top);
    free = top + height + gap;
    taken += height + gap;
  });
  for (let index = pinned - 1; index >= 0; index--) {
    const room = (tops[index + 1] ?? 0) - gap - (boxes[index]?.height ?? 0);
    if ((tops[index] ?? 0) <= room) break;
    tops[index] = room;
  }
  return tops;
}

/** The first and the last but one of those that reach into a stretch. `tops` ascend. */
export function within(
  tops: readonly number[],
  boxes: readonly Box[],
  from: number,
  to: number,
): [first: number, end: number] {
  let first = below(tops, from);
  while (first > 0 && (tops[first - 1] ?? 0) + (boxes[first - 1]?.height ?? 0) > from) first--;
  return [first, Math.max(first, below(tops, to))];
}

/** How many begin above a line. */
function below(tops: readonly number[], line: number): number {
  let [low, high] = [0, tops.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tops[middle] ?? 0) < line) low = middle + 1;
    else high = middle;
  }
  return low;
}
