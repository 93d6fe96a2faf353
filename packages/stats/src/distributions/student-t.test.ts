import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalLogSf } from "./normal.ts";
import { tLogSf, tQuantile, tSf, tUpperQuantile } from "./student-t.ts";

const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const degrees = fc.double({ min: 0.5, max: 1e9, noNaN: true });

describe("Student's distribution", () => {
  it("agrees with its closed forms for one and two degrees of freedom", () => {
    fc.assert(
      fc.property(value, (t) => {
        expect(tSf(t, 1) / (Math.atan2(1, t) / Math.PI)).toBeCloseTo(1, 11);
        // (1 - t/√(2 + t²))/2, written without cancellation.
        const root = Math.hypot(Math.SQRT2, t);
        const tail = t > 0 ? 1 / (root * (root + t)) : (root - t) / (2 * root);
        expect(tSf(t, 2) / tail).toBeCloseTo(1, 11);
      }),
    );
  });

  it("is symmetric", () => {
    fc.assert(
      fc.property(value, degrees, (t, df) => {
        expect(tSf(t, df) + tSf(-t, df)).toBeCloseTo(1, 12);
      }),
    );
  });

  it("becomes the normal distribution with many degrees of freedom, also where only the logarithm is left", () => {
    for (const t of [0, 1, 5, 37, 250]) expect(tLogSf(t, 1e15)).toBeCloseTo(normalLogSf(t), 5);
  });

  it("gives back the probability of each of its quantiles", () => {
    const probability = fc.double({ min: 1e-200, max: 1 - 1e-9, noNaN: true });
    fc.assert(
      fc.property(probability, fc.double({ min: 1, max: 1e8, noNaN: true }), (p, df) => {
        expect(tSf(tUpperQuantile(p, df), df) / p).toBeCloseTo(1, 9);
      }),
    );
  });

  it("has the median 0, and keeps the digits of quantiles near it", () => {
    expect(tQuantile(0.5, 7)).toBe(0);
    // With one degree of freedom the quantile is tan(π (p - ½)).
    expect(tQuantile(0.5 + 2 ** -30, 1) / Math.tan(Math.PI * 2 ** -30)).toBeCloseTo(1, 12);
  });
});
