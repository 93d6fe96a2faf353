import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { momentsOf } from "../moments/moments.ts";
import { compareMeans } from "./compare-means.ts";
import { compareWinsorized } from "./compare-winsorized.ts";
import { ascending, percentileOf } from "./percentile.ts";

const values = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 2, maxLength: 40 });

describe("compareWinsorized", () => {
  it("is the plain comparison without caps", () => {
    fc.assert(
      fc.property(values, values, (control, treatment) => {
        const result = compareWinsorized(
          { control, treatment },
          { alpha: 0.05, low: null, high: null, ignoreZeros: false },
        );
        const plain = compareMeans({ control: momentsOf(control), treatment: momentsOf(treatment) }, { alpha: 0.05 });
        expect(result).toMatchObject({ capLow: null, capHigh: null, test: plain });
      }),
    );
  });

  it("takes one cap from both arms together", () => {
    const arms = { control: [1, 2, 3, 4], treatment: [5, 6, 7, 1000] };
    const options = { alpha: 0.05, low: null, ignoreZeros: false };
    const result = compareWinsorized(arms, { ...options, high: 6 / 7 });
    expect(result.capHigh).toBeCloseTo(7, 12);
    expect(result.treatment.mean).toBeCloseTo(6.25, 12);
    expect(result.control).toStrictEqual(momentsOf(arms.control));
  });

  it("leaves zeros out of the percentiles when asked, and has no cap when nothing else is left", () => {
    const options = { alpha: 0.05, low: null, high: 0.5, ignoreZeros: true };
    expect(compareWinsorized({ control: [0, 0, 4], treatment: [0, 0, 8] }, options).capHigh).toBe(6);
    expect(compareWinsorized({ control: [0, 0], treatment: [0, 0] }, options)).toMatchObject({
      capHigh: null,
      test: { status: "zero_variance", relative: { status: "undefined" } },
    });
  });

  it("refuses values that are not finite and percentiles that are in the wrong order", () => {
    const arms = { control: [1, Number.NaN], treatment: [1, 2] };
    expect(() => compareWinsorized(arms, { alpha: 0.05, low: null, high: null, ignoreZeros: false })).toThrow(
      "control[1]",
    );
    expect(() =>
      compareWinsorized({ control: [1], treatment: [1] }, { alpha: 0.05, low: 0.9, high: 0.1, ignoreZeros: false }),
    ).toThrow("low");
  });
});

describe("percentileOf", () => {
  it("lies between the smallest and the largest value and rises with the share", () => {
    fc.assert(
      fc.property(
        values,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (list, p, q) => {
          const sorted = ascending(list);
          const [low, high] = [percentileOf(sorted, Math.min(p, q)), percentileOf(sorted, Math.max(p, q))];
          expect(low).toBeLessThanOrEqual(high);
          expect(low).toBeGreaterThanOrEqual(sorted[0] ?? 0);
          expect(high).toBeLessThanOrEqual(sorted.at(-1) ?? 0);
        },
      ),
    );
  });
});
