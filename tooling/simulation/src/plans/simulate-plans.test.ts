import { createBoundsSource } from "@lotty/analysis";
import { describe, expect, it } from "vitest";
import { errorOf } from "../share.ts";
import { readPlan, type ReadComparison } from "./read-plan.ts";
import { drawShop, SHOP_METRICS } from "./shop.ts";
import { shopVariants, simulatePlans } from "./simulate-plans.ts";

const NOTHING = { orders: 0, orderValue: 0 };

describe("simulated plans", () => {
  it("draw what they say is true", () => {
    const effect = { orders: 0.5, orderValue: 0.2 };
    const variants = shopVariants([effect]);
    const drawn = drawShop({ seed: 5, days: 1, perDay: 40_000, variants });
    for (const [index, { columns, truth }] of SHOP_METRICS.entries()) {
      const means = (drawn[index] ?? []).map(({ mean }) =>
        columns.includes("denominator") ? (mean[0] ?? 0) / (mean[1] ?? 0) : mean[0],
      );
      expect(means).toHaveLength(2);
      expect((means[0] ?? 0) / truth(NOTHING)).toBeCloseTo(1, 1);
      expect((means[1] ?? 0) / truth(effect)).toBeCloseTo(1, 1);
    }
  });

  it("claim on the last day all that was claimed on any", () => {
    const boundsOf = createBoundsSource();
    const variants = shopVariants([{ orders: 0.6, orderValue: 0 }, NOTHING]);
    const size = { days: 6, plannedSubjects: 6 * 3 * 100, variants, boundsOf };
    const claims = (read: readonly ReadComparison[]): readonly string[] =>
      read.filter(({ effect }) => effect.significant).map(({ metric, variant }) => `${metric} of ${variant}`);
    let claimed = 0;
    for (let seed = 0; seed < 6; seed += 1) {
      const drawn = drawShop({ seed, days: 6, perDay: 100, variants });
      for (const correction of ["holm", "bh"] as const) {
        const readOn = (day: number): readonly string[] =>
          claims(readPlan(drawn, { ...size, looking: "group_sequential", correction, day }));
        const daily = [1, 2, 3, 4, 5, 6].flatMap(readOn);
        expect([...new Set(daily)].toSorted()).toStrictEqual([...readOn(6)].toSorted());
        claimed += daily.length;
      }
    }
    expect(claimed).toBeGreaterThan(20);
  });

  it("claim something false no more often than their correction allows", { timeout: 120_000 }, () => {
    const scale = { seed: 2, without: 50, withEffect: 30, days: 6, perDay: 100 };
    const { corrections, metrics } = simulatePlans(scale);
    const bound = 0.05 + errorOf(0.05, scale.without);
    for (const { anyFalse, correction, falseShare } of corrections) {
      if (correction === "none") continue;
      expect(anyFalse.share).toBeLessThanOrEqual(bound);
      expect(falseShare.share).toBeLessThanOrEqual(bound);
    }
    // Eight comparisons without a correction are wrong several times as often.
    expect(corrections.find(({ correction }) => correction === "none")?.anyFalse.share).toBeGreaterThan(bound);
    for (const { coverage } of metrics) expect(coverage.share).toBeGreaterThan(0.95 - errorOf(0.95, 60));
    expect(metrics[0]?.varianceReduction).toBeGreaterThan(0.2);
  });
});
