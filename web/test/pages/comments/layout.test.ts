import { describe, expect, test } from "vitest";
import { type Box, place, within } from "../../../src/pages/document/comments/layout";
import { Random } from "../../random";

const boxes = (...pairs: [wanted: number, height: number][]): Box[] =>
  pairs.map(([wanted, height]) => ({ wanted, height }));

describe("threads stand level with their paragraphs", () => {
  test("where there is room", () => expect(place(boxes([0, 50], [100, 50]), 10)).toEqual([0, 100]));
  test("pushed down where they collide, and no further than needed", () =>
    expect(place(boxes([0, 50], [20, 50], [30, 10], [400, 10]), 10)).toEqual([0, 60, 120, 400]));
  test("the one that is read stands level, and those before it make room", () =>
    expect(place(boxes([100, 50], [110, 50], [120, 50]), 10, 2)).toEqual([0, 60, 120]));
  test("but none above the margin's upper edge", () =>
    expect(place(boxes([0, 50], [0, 50], [10, 50]), 10, 2)).toEqual([0, 60, 120]));
  test("those below the one that is read follow it", () =>
    expect(place(boxes([0, 50], [20, 50], [70, 50]), 10, 1)).toEqual([0, 60, 120]));
});

test("in no arrangement do two overlap, change their order or leave the margin", () => {
  const chance = new Random(7);
  for (let round = 0; round < 500; round++) {
    let wanted = 0;
    const some = Array.from({ length: 1 + chance.below(30) }, (): Box => {
      wanted += chance.below(80);
      return { wanted, height: 10 + chance.below(90) };
    });
    const pinned = chance.below(some.length + 1) - 1;
    const tops = place(some, 8, pinned);
    expect(tops[0]).toBeGreaterThanOrEqual(0);
    some.forEach(({ height }, index) => {
      if (index + 1 < some.length) expect(tops[index + 1]).toBeGreaterThanOrEqual((tops[index] ?? 0) + height + 8);
    });
    if (pinned < 0) expect(some.every(({ wanted: level }, index) => (tops[index] ?? 0) >= level)).toBe(true);
  }
});

test("only those in sight are drawn", () => {
  const some = boxes([0, 50], [100, 50], [200, 50], [300, 50]);
  const tops = place(some, 10);
  expect(within(tops, some, 120, 260)).toEqual([1, 3]);
  expect(within(tops, some, 160, 190)).toEqual([2, 2]);
  expect(within(tops, some, -50, 1000)).toEqual([0, 4]);
  expect(within([], [], 0, 100)).toEqual([0, 0]);
});
