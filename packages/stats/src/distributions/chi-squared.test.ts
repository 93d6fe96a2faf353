import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chiSquaredLogSf, chiSquaredSf, chiSquaredUpperQuantile } from "./chi-squared.ts";
import { normalSf } from "./normal.ts";

describe("the chi-squared distribution", () => {
  it("agrees with its closed forms for one and two degrees of freedom", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1_000, noNaN: true }), (x) => {
        expect(chiSquaredLogSf(x, 2)).toBeCloseTo(-x / 2, 10);
        expect(chiSquaredSf(x, 1) / (2 * normalSf(Math.sqrt(x)))).toBeCloseTo(1, 10);
      }),
    );
  });

  it("knows the logarithm of tails that are smaller than any double", () => {
    expect(chiSquaredLogSf(1e6, 2)).toBeCloseTo(-5e5, 6);
  });

  it("is certain at 0", () => {
    expect(chiSquaredSf(0, 3)).toBe(1);
  });

  it("gives back the probability of each of its quantiles", () => {
    const probability = fc.double({ min: 1e-300, max: 1 - 1e-12, noNaN: true });
    fc.assert(
      fc.property(probability, fc.integer({ min: 1, max: 10_000 }), (p, df) => {
        expect(chiSquaredSf(chiSquaredUpperQuantile(p, df), df) / p).toBeCloseTo(1, 9);
      }),
    );
  });
});
