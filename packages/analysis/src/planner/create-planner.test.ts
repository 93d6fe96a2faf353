import { DEFAULT_ENVIRONMENT_ID, MICROS_PER_DAY, type PastValue } from "@lotty/domain";
import { powerForMean } from "@lotty/stats";
import { ManualClock } from "@lotty/testkit/fakes/manual-clock";
import { describe, expect, it } from "vitest";
import { SeededRandom } from "../testing/random.ts";
import { sampleMetric, START } from "../testing/sample-experiment.ts";
import { baselineOf } from "./baseline-of.ts";
import { createPlanner, type PlannerQuestion } from "./create-planner.ts";
import { planSize, type SizeQuestion } from "./plan-size.ts";

const SIZE: SizeQuestion = {
  baseline: { mean: 10, sd: 20 },
  alpha: 0.05,
  power: 0.8,
  arms: 2,
  looking: "fixed",
  varianceReduction: 0,
  minimumEffect: 0.05,
  margin: null,
  subjectsPerDay: null,
  durationDays: null,
};

describe("the size of a plan", () => {
  it("has the power that was asked for, and no more", () => {
    const perArm = planSize(SIZE).perArm ?? 0;
    const powerOf = (n: number): number =>
      powerForMean({ sd: 20, delta: 0.5, alpha: 0.05, nControl: n, nTreatment: n });
    expect(powerOf(perArm)).toBeGreaterThanOrEqual(0.8);
    expect(powerOf(perArm - 1)).toBeLessThan(0.8);
  });

  it("is smaller with a covariate, and larger with more arms and more looks", () => {
    const plain = planSize(SIZE).perArm ?? 0;
    expect((planSize({ ...SIZE, varianceReduction: 0.5 }).perArm ?? 0) / plain).toBeCloseTo(0.5, 2);
    expect(planSize({ ...SIZE, arms: 4 }).perArm).toBeGreaterThan(plain);
    const factorOver = (durationDays: number): number =>
      (planSize({ ...SIZE, looking: "group_sequential", durationDays }).perArm ?? 0) / plain;
    expect(factorOver(1)).toBeCloseTo(1, 3);
    expect(factorOver(28)).toBeGreaterThan(factorOver(7));
    expect(factorOver(28)).toBeLessThan(1.06);
    // Where no duration is said, it is the days that the subjects take.
    const perDay = Math.ceil((2 * plain) / 28);
    const byTraffic = planSize({ ...SIZE, looking: "group_sequential", subjectsPerDay: perDay });
    expect(byTraffic.lookingFactor).toBeCloseTo(factorOver(28), 3);
    // A confidence sequence at the size it is tuned to asks for z = 3.03 where a single look asks for 1.96.
    expect((planSize({ ...SIZE, looking: "always_valid" }).perArm ?? 0) / plain).toBeCloseTo(1.91, 1);
  });

  it("goes from an effect to days, and from days back to the effect", () => {
    const there = planSize({ ...SIZE, subjectsPerDay: 1_000 });
    expect(there.days).toBe(Math.ceil((there.total ?? 0) / 1_000));
    const back = planSize({ ...SIZE, minimumEffect: null, subjectsPerDay: 1_000, durationDays: there.days });
    expect(back.perArm).toBeNull();
    expect(back.minimumDetectable).toBeCloseTo(0.05, 2);
    expect(back.minimumDetectable).toBeLessThanOrEqual(0.05);
  });

  it("says how many rule a margin out", () => {
    // 2 ((z_0.975 + z_0.8) sd / margin)²
    expect(planSize({ ...SIZE, margin: 0.1 }).perArmForMargin).toBe(Math.ceil(2 * ((2.801585 * 20) / 1) ** 2));
  });
});

describe("a baseline", () => {
  it("of a ratio varies as its linearisation does", () => {
    const values: readonly PastValue[] = [1, 2, 3, 4].map((n) => ({ subjectId: `${n}`, value: 2 * n, denominator: n }));
    // Everybody has the same ratio: nothing varies.
    expect(baselineOf(values, { kind: "ratio" })).toBeNull();
    const mixed = [...values, { subjectId: "5", value: 0, denominator: 2 }];
    expect(baselineOf(mixed, { kind: "ratio" })?.mean).toBeCloseTo(20 / 12, 12);
    expect(baselineOf([], { kind: "sum" })).toBeNull();
  });

  it("says how much of the variance the past of each subject explains", () => {
    const random = new SeededRandom(3);
    // The correlation is 0.8 in numerators, and 0.8 in what is linearised.
    const values = Array.from({ length: 4_000 }, (_, n): PastValue => {
      const common = random.normal();
      const of = (): number => 10 + 2 * common + random.normal();
      return { subjectId: `${n}`, value: of(), denominator: 2, covariate: of(), covariateDenominator: 3 };
    });
    expect(baselineOf(values, { kind: "sum" })?.varianceReduction).toBeCloseTo(0.64, 1);
    expect(baselineOf(values, { kind: "ratio" })?.varianceReduction).toBeCloseTo(0.64, 1);
    const unrelated = values.map((value) => ({ ...value, covariate: random.normal() }));
    expect(baselineOf(unrelated, { kind: "sum" })?.varianceReduction).toBeLessThan(0.01);
    const none = values.map(({ denominator, subjectId, value }) => ({ subjectId, value, denominator }));
    expect(baselineOf(none, { kind: "sum" })?.varianceReduction).toBeNull();
  });
});

describe("a planner", () => {
  const question: PlannerQuestion = {
    environmentId: DEFAULT_ENVIRONMENT_ID,
    historyDays: 28,
    alpha: 0.05,
    power: 0.8,
    arms: 2,
    looking: "fixed",
    varianceReduction: null,
    minimumEffect: 0.05,
    margin: null,
    durationDays: 14,
  };
  const planner = createPlanner({
    metrics: {
      list: () => Promise.resolve([sampleMetric("orders"), sampleMetric("p90", { kind: "quantile", quantile: 0.9 })]),
      find: () => Promise.resolve(undefined),
    },
    history: {
      values: (_, { from, to }) =>
        Promise.resolve(
          Array.from({ length: (to - from) / MICROS_PER_DAY }, (__, n) => ({
            subjectId: `${n}`,
            value: n % 2,
            denominator: 1,
            covariate: n % 4 < 2 ? n % 2 : 0,
            covariateDenominator: 1,
          })),
        ),
    },
    traffic: ({ experimentId }) => Promise.resolve(experimentId === "e" ? 250 : undefined),
    clock: new ManualClock(START),
  });

  it("takes baseline and traffic from the past, and says so", async () => {
    const answer = await planner.plan({ ...question, metric: "orders", experimentId: "e" });
    if (answer.status !== "ok") throw new Error(answer.message);
    expect(answer.baseline.mean).toBe(0.5);
    expect(answer.subjectsPerDay).toBe(250);
    expect(answer.days).toBe(Math.ceil((answer.total ?? 0) / 250));
    expect(answer.sources[0]).toContain("orders, version 1, over 28 subjects from 2026-10-04 to 2026-11-01");
    expect(answer.sources[2]).toContain("250.0 subjects a day");
    // Half of those who order do so before, too: a correlation of 1/√3, but for what 28 subjects say by chance.
    expect(answer.varianceReduction).toBeCloseTo(1 - (2 / 3) * (27 / 26), 12);
    expect(answer.sources[1]).toBe(
      "The covariate takes 31% of the variance away: what came before tells as much of the same subjects' measures.",
    );
    const plain = await planner.plan({ ...question, metric: "orders", experimentId: "e", varianceReduction: 0 });
    if (plain.status !== "ok") throw new Error(plain.message);
    expect(answer.perArm ?? 0).toBeLessThan((plain.perArm ?? 0) * 0.7);
  });

  it("prefers what is given, and says what it lacks", async () => {
    const given = await planner.plan({ ...question, baseline: { mean: 1, sd: 1 }, subjectsPerDay: 10 });
    expect(given).toMatchObject({ status: "ok", baseline: { mean: 1, sd: 1 }, subjectsPerDay: 10 });
    expect(await planner.plan(question)).toMatchObject({ status: "unknown_metric" });
    expect(await planner.plan({ ...question, metric: "other" })).toMatchObject({ status: "unknown_metric" });
    expect(await planner.plan({ ...question, metric: "p90" })).toMatchObject({ status: "quantile" });
    expect(await planner.plan({ ...question, metric: "orders", experimentId: "x" })).toMatchObject({
      status: "unknown_experiment",
    });
  });
});
