import { expect, test } from "vitest";
import { continuedFraction } from "./continued-fraction.ts";

test("a fraction of ones is the golden ratio", () => {
  expect(continuedFraction(1, () => ({ a: 1, b: 1 }))).toBeCloseTo((1 + Math.sqrt(5)) / 2, 15);
});

test("a fraction may begin with 0 and pass through a denominator of 0", () => {
  expect(continuedFraction(0, () => ({ a: 1, b: 2 }))).toBeCloseTo(Math.SQRT2 - 1, 15);
  // 1 - 1/(1 + 1/(-1 + …)): the first denominator vanishes on the way.
  expect(
    continuedFraction(1, (index) => (index === 1 ? { a: -1, b: 1 } : { a: index === 2 ? -1 : 0, b: 1 })),
  ).toBeLessThan(-1e100);
});
