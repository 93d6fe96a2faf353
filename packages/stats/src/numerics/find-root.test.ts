import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findRoot } from "./find-root.ts";

describe("findRoot", () => {
  it("finds the root of a falling function to its last digits", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 1, noNaN: true }), (root) => {
        const found = findRoot((x) => root ** 3 - x ** 3, { low: 0, high: 2 });
        expect(found / root).toBeCloseTo(1, 12);
      }),
    );
  });

  it("copes with infinite values and a jump", () => {
    expect(findRoot((x) => 1 / x - 4, { low: 0, high: 1 })).toBeCloseTo(0.25, 14);
    expect(findRoot((x) => (x < 1 / 3 ? 1 : -1), { low: 0, high: 1 })).toBeCloseTo(1 / 3, 14);
  });
});
