import { expect, test } from "vitest";
import { SeededRandom } from "./seeded-random.ts";

function draw(seed: number): readonly number[] {
  const random = new SeededRandom(seed);
  return Array.from({ length: 1_000 }, () => random.between(1, 6));
}

test("the same seed gives the same numbers, another seed others", () => {
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
});

test("every number of a range comes, and none outside of it", () => {
  expect([...new Set(draw(7))].toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6]);
});

test("nothing can be picked from nothing", () => {
  expect(() => new SeededRandom(1).pick([])).toThrow(RangeError);
});
