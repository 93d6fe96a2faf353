import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalCdf, normalExcess, normalLogSf, normalQuantile, normalSf, normalUpperQuantile } from "./normal.ts";

const probability = fc.double({ min: 1e-300, max: 1 - 1e-15, noNaN: true });

describe("the normal distribution", () => {
  it("gives back the probability of each of its quantiles", () => {
    fc.assert(
      fc.property(probability, (p) => {
        expect(normalCdf(normalQuantile(p)) / p).toBeCloseTo(1, 9);
        expect(normalSf(normalUpperQuantile(p)) / p).toBeCloseTo(1, 9);
      }),
    );
  });

  it("knows the logarithm of tails that are smaller than any double", () => {
    expect(normalSf(40)).toBe(0);
    // ln(φ(z)/z · (1 - 1/z² + 3/z⁴ - …)), the asymptotic series (DLMF 7.12.1).
    const series =
      -800 - Math.log(40 * Math.sqrt(2 * Math.PI)) + Math.log(1 - 1 / 1600 + 3 / 1600 ** 2 - 15 / 1600 ** 3);
    expect(normalLogSf(40)).toBeCloseTo(series, 9);
  });

  it("has a tail whose logarithm is that of its probability", () => {
    fc.assert(
      fc.property(fc.double({ min: -30, max: 30, noNaN: true }), (z) => {
        expect(Math.exp(normalLogSf(z)) / normalSf(z)).toBeCloseTo(1, 11);
      }),
    );
  });
});

describe("normalExcess", () => {
  it("falls by the tail between two thresholds: its derivative is the tail", () => {
    fc.assert(
      fc.property(fc.double({ min: -5, max: 8, noNaN: true }), (z) => {
        const step = 1e-4;
        const slope = (normalExcess(z - step) - normalExcess(z + step)) / (2 * step);
        expect(slope / normalSf(z)).toBeCloseTo(1, 5);
      }),
    );
  });

  it("is the same on both sides of where it changes its form", () => {
    expect(normalExcess(3) / normalExcess(3 - 1e-13)).toBeCloseTo(1, 10);
  });

  it("differs between a threshold and its opposite by the threshold", () => {
    expect(normalExcess(-30) - normalExcess(30)).toBeCloseTo(30, 12);
    expect(normalExcess(30)).toBeGreaterThan(0);
  });
});
