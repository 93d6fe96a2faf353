import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalPosterior } from "./normal-posterior.ts";

const estimate = fc.double({ min: -5, max: 5, noNaN: true });
const se = fc.double({ min: 0.01, max: 3, noNaN: true });
const prior = fc.option(fc.record({ mean: estimate, sd: se }), { nil: null });

describe("normalPosterior", () => {
  it("has losses that differ by the mean: what one choice loses more, the other wins", () => {
    fc.assert(
      fc.property(estimate, se, prior, (value, error, before) => {
        const { mean, lossIfShip, lossIfKeep } = normalPosterior(
          { estimate: value, se: error, prior: before },
          { alpha: 0.05 },
        );
        expect(lossIfKeep - lossIfShip).toBeCloseTo(mean, 10);
        expect(Math.min(lossIfKeep, lossIfShip)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it("lies between estimate and prior, and is surer than either", () => {
    fc.assert(
      fc.property(estimate, se, estimate, se, (value, error, mean, sd) => {
        const result = normalPosterior({ estimate: value, se: error, prior: { mean, sd } }, { alpha: 0.05 });
        expect(result.mean).toBeGreaterThanOrEqual(Math.min(value, mean) - 1e-12);
        expect(result.mean).toBeLessThanOrEqual(Math.max(value, mean) + 1e-12);
        expect(result.sd).toBeLessThan(Math.min(error, sd));
      }),
    );
  });

  it("turns around when lower is better", () => {
    fc.assert(
      fc.property(estimate, se, (value, error) => {
        const belief = { estimate: value, se: error, prior: null };
        const higher = normalPosterior(belief, { alpha: 0.05 });
        const lower = normalPosterior(belief, { alpha: 0.05, lowerIsBetter: true });
        expect(lower.chanceToWin + higher.chanceToWin).toBeCloseTo(1, 12);
        expect(lower.lossIfShip).toBe(higher.lossIfKeep);
        expect(lower.interval).toStrictEqual(higher.interval);
      }),
    );
  });

  it("knows how unlikely a loss is where its probability is no double", () => {
    const result = normalPosterior({ estimate: 1, se: 0.01, prior: null }, { alpha: 0.05 });
    expect(result.log10ChanceToLose).toBeCloseTo(-2_173.87, 1);
    expect(result.chanceToWin).toBe(1);
  });

  it("says how likely the effect does not matter, when asked", () => {
    const belief = { estimate: 0.3, se: 1, prior: null };
    expect(normalPosterior(belief, { alpha: 0.05 }).pInRope).toBeNull();
    expect(normalPosterior(belief, { alpha: 0.05, rope: 0 }).pInRope).toBe(0);
    expect(normalPosterior(belief, { alpha: 0.05, rope: 100 }).pInRope).toBe(1);
    const [mirrored, plain] = [-0.3, 0.3].map((value) =>
      normalPosterior({ ...belief, estimate: value }, { alpha: 0.05, rope: 0.5 }),
    );
    expect(mirrored?.pInRope).toBe(plain?.pInRope);
  });

  it.each([
    ["se", { estimate: 0, se: 0, prior: null }],
    ["prior.sd", { estimate: 0, se: 1, prior: { mean: 0, sd: -1 } }],
    ["estimate", { estimate: Infinity, se: 1, prior: null }],
  ])("refuses a broken %s", (name, belief) => {
    expect(() => normalPosterior(belief, { alpha: 0.05 })).toThrow(name);
  });
});
