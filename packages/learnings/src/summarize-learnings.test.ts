import type { LearnedEffect } from "@lotty/domain";
import { sampleLearning } from "@lotty/testkit/suites/learnings";
import { describe, expect, it } from "vitest";
import { summarizeLearnings } from "./summarize-learnings.ts";

const MARCH = Date.UTC(2026, 2, 31, 23, 59) * 1_000;
const APRIL = Date.UTC(2026, 3, 1) * 1_000;

function effect(fields: Partial<LearnedEffect>): LearnedEffect {
  const of = { metricId: "m", metricKey: "orders", variant: "green" };
  return { ...of, isPrimary: true, higherIsBetter: true, lift: 0, se: 0.01, low: null, high: null, ...fields };
}

describe("summing learnings up", () => {
  it("tells how many won, with how sure that is, by month", () => {
    const learnings = [
      sampleLearning({ outcome: "rollout_winner", completedAt: APRIL }),
      sampleLearning({ outcome: "rollback", completedAt: MARCH }),
      sampleLearning({ outcome: "no_effect", completedAt: MARCH }),
      sampleLearning({ outcome: "no_effect", completedAt: APRIL }),
    ];
    const summary = summarizeLearnings(learnings);
    expect(summary).toMatchObject({
      learnings: 4,
      outcomes: { rollout_winner: 1, rollback: 1, no_effect: 2 },
      months: [
        { month: "2026-03", learnings: 2, wins: 0, meanEffect: null },
        { month: "2026-04", learnings: 2, wins: 1, meanEffect: null },
      ],
      effects: { each: [], mean: null },
    });
    expect(summary.winRate?.rate).toBe(0.25);
    // Wilson's interval of 1 out of 4.
    expect(summary.winRate?.low).toBeCloseTo(0.0456, 4);
    expect(summary.winRate?.high).toBeCloseTo(0.6994, 4);
  });

  it("pulls effects towards their mean, noisy ones further, and turns those in which less is better", () => {
    const lifts = [0.05, -0.03, 0.01, 0.2];
    const ses = [0.005, 0.005, 0.005, 0.1];
    const learnings = lifts.map((lift, place) => sampleLearning({ effects: [effect({ lift, se: ses[place] ?? 1 })] }));
    const { each, mean } = summarizeLearnings(learnings).effects;
    const centre = mean ?? Number.NaN;
    expect(each.map(({ lift }) => lift)).toStrictEqual(lifts);
    for (const { lift, shrunk } of each) expect(Math.abs(shrunk - centre)).toBeLessThan(Math.abs(lift - centre));
    const kept = each.map(({ lift, shrunk }) => (shrunk - centre) / (lift - centre));
    expect(kept[3]).toBeLessThan(Math.min(...kept.slice(0, 3)));
    const turned = summarizeLearnings([sampleLearning({ effects: [effect({ lift: -0.1, higherIsBetter: false })] })]);
    expect(turned.effects.each).toMatchObject([{ lift: 0.1, shrunk: 0.1 }]);
  });

  it("counts each experiment once: by its winner, on its primary metric", () => {
    const effects = [
      effect({ variant: "green", metricKey: "clicks", isPrimary: false, lift: 9 }),
      effect({ variant: "blue", lift: 0.01 }),
      effect({ variant: "green", lift: 0.03 }),
    ];
    const won = sampleLearning({ effects, outcome: "rollout_winner", winner: "green" });
    const lost = sampleLearning({ effects, outcome: "no_effect" });
    const { each } = summarizeLearnings([won, lost]).effects;
    expect(each.map(({ variant }) => variant)).toStrictEqual(["green", "blue"]);
  });

  it("has nothing to say of nothing", () => {
    expect(summarizeLearnings([])).toMatchObject({ learnings: 0, winRate: null, months: [] });
  });
});
