import { describe, expect, it } from "vitest";
import { drawExperiment } from "./draw-experiment.ts";
import { errorOf } from "./share.ts";
import { simulate } from "./simulate.ts";

describe("simulated experiments", () => {
  it("are the same for the same seed", () => {
    const draw = { seed: 3, days: 2, perDay: 5, effect: 1 };
    expect(drawExperiment(draw)).toStrictEqual(drawExperiment(draw));
    expect(drawExperiment({ ...draw, seed: 4 })).not.toStrictEqual(drawExperiment(draw));
  });

  it(
    "are claimed to have an effect no more often than the plan allows, though looked at daily",
    { timeout: 120_000 },
    () => {
      const scale = { seed: 1, without: 120, withEffect: 40, days: 10, perDay: 100 };
      const { naive, rules } = simulate(scale);
      const [sequential, valid, fixed] = rules;
      for (const rule of rules) {
        expect(rule.falseClaims.share).toBeLessThanOrEqual(0.05 + errorOf(0.05, scale.without));
        expect(rule.coverage.share).toBeGreaterThanOrEqual(0.95 - errorOf(0.95, scale.withEffect));
        expect(rule.liftCoverage.share).toBeGreaterThanOrEqual(0.95 - errorOf(0.95, scale.withEffect));
      }
      // Whoever looks daily at p-values of a single look is wrong several times as often.
      expect(naive.share).toBeGreaterThan(0.12);
      expect(fixed?.found.share).toBeGreaterThan(0.65);
      expect(sequential?.found.share).toBeGreaterThan(0.6);
      expect(valid?.found.share).toBeGreaterThan(0.2);
      // It stops early where it may.
      expect(sequential?.meanDay ?? 10).toBeLessThan(9.5);
    },
  );
});
