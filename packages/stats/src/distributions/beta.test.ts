import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { betaCdf, betaQuantile, betaSf } from "./beta.ts";

const share = fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true });
const parameter = fc.double({ min: 0.05, max: 1e6, noNaN: true });

describe("the beta distribution", () => {
  it("agrees with its closed form when one parameter is 1", () => {
    fc.assert(
      fc.property(share, fc.double({ min: 0.1, max: 50, noNaN: true }), (x, beta) => {
        expect(Math.log(betaSf(x, { alpha: 1, beta }))).toBeCloseTo(beta * Math.log1p(-x), 8);
      }),
    );
  });

  it("has tails that add up to 1 and change places with the parameters", () => {
    fc.assert(
      fc.property(share, parameter, parameter, (x, alpha, beta) => {
        const [lower, upper] = [betaCdf(x, { alpha, beta }), betaSf(x, { alpha, beta })];
        expect(lower + upper).toBeCloseTo(1, 12);
        const mirrored = betaSf(1 - x, { alpha: beta, beta: alpha });
        expect(Math.abs(mirrored - lower)).toBeLessThan(1e-9);
      }),
    );
  });

  it("reaches 0 and 1 at the ends", () => {
    expect([betaCdf(0, { alpha: 2, beta: 3 }), betaCdf(1, { alpha: 2, beta: 3 })]).toStrictEqual([0, 1]);
  });

  it("gives back the probability of each of its quantiles", () => {
    const probability = fc.double({ min: 1e-30, max: 0.5, noNaN: true });
    const moderate = fc.double({ min: 0.5, max: 1e5, noNaN: true });
    fc.assert(
      fc.property(probability, moderate, moderate, (p, alpha, beta) => {
        expect(betaCdf(betaQuantile(p, { alpha, beta }), { alpha, beta }) / p).toBeCloseTo(1, 8);
      }),
    );
  });
});
