import {
  LOOKING_RULES,
  MICROS_PER_DAY,
  type AnalysisPlan,
  type ArmMoments,
  type SubjectValue,
  type VariantEffect,
} from "@lotty/domain";
import { compareMeans, mergeMoments } from "@lotty/stats";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { analyse, type AnalysisInput } from "./analyse.ts";
import { collectValues } from "./results/quantile-values.ts";
import type { MetricData } from "./results/metric-data.ts";
import { createBoundsSource } from "./looks/sequential-bounds.ts";
import {
  armOf,
  CONTROL,
  dayAfterStart,
  sampleData,
  sampleDays,
  sampleInput,
  sampleMetric,
  START,
  samplePlan,
  TREATMENT,
  trustworthy,
} from "./testing/sample-experiment.ts";

const boundsOf = createBoundsSource();

function effectIn(input: AnalysisInput, key = "orders"): VariantEffect {
  const { metrics } = analyse(input);
  const result = metrics.find(({ metric }) => metric.key === key);
  const effect = result?.variants.find(({ variantId }) => variantId === TREATMENT)?.effect;
  if (effect === null || effect === undefined) throw new Error("no effect");
  return effect;
}

function excludesZero({ interval }: Pick<VariantEffect, "interval">): boolean {
  if (interval === null) return false;
  const { high, low } = interval;
  return (low !== null && low > 0) || (high !== null && high < 0);
}

const question = fc.record({
  seed: fc.nat(),
  days: fc.integer({ min: 1, max: 14 }),
  perDay: fc.integer({ min: 10, max: 60 }),
  effect: fc.double({ min: -1, max: 1, noNaN: true }),
});

describe("an effect", () => {
  it.each(LOOKING_RULES)("has a p-value of at most alpha exactly when its intervals exclude 0 (%s)", (looking) => {
    fc.assert(
      fc.property(question, fc.constantFrom(0.01, 0.05, 0.2), (of, alpha) => {
        const plan = samplePlan({ looking, alpha, correction: "none" });
        const effect = effectIn(sampleInput([sampleData(sampleDays(of))], { plan, boundsOf }));
        const rejects = effect.p !== null && effect.p <= alpha;
        expect(excludesZero(effect)).toBe(rejects);
        expect(effect.significant).toBe(rejects);
        if (effect.lift?.status === "ok" && effect.lift.interval !== null) {
          expect(excludesZero(effect.lift)).toBe(rejects);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("never gets a larger p-value, nor a wider interval, with a further day", () => {
    fc.assert(
      fc.property(question, fc.constantFrom("group_sequential" as const, "always_valid" as const), (of, looking) => {
        const plan = samplePlan({ looking, plannedSubjects: null });
        const days = sampleDays({ ...of, days: 13 });
        let before: VariantEffect | null = null;
        for (let count = 3; count <= 12; count += 3) {
          const sofar = days.filter(({ cohortDay }) => (cohortDay ?? "") < dayAfterStart(count));
          const effect = effectIn(sampleInput([sampleData(sofar)], { plan, boundsOf }));
          expect(effect.p ?? 1).toBeLessThanOrEqual((before?.p ?? 1) + 1e-12);
          expect(effect.interval?.low ?? -Infinity).toBeGreaterThanOrEqual(before?.interval?.low ?? -Infinity);
          before = effect;
        }
      }),
      { numRuns: 15 },
    );
  });

  it("is Welch's test of all days together where the plan looks once", () => {
    const days = sampleDays({ seed: 7, days: 14, perDay: 50, effect: 0.3 });
    const plan = samplePlan({ looking: "fixed" });
    const effect = effectIn(sampleInput([sampleData(days)], { plan }));
    const all = (id: string): ReturnType<typeof mergeMoments> =>
      mergeMoments(
        days
          .filter(({ variantId }) => variantId === id)
          .map(({ n, mean, m2 }) => ({ n, mean: mean[0] ?? 0, m2: m2[0]?.[0] ?? 0 })),
      );
    const welch = compareMeans({ control: all(CONTROL), treatment: all(TREATMENT) }, { alpha: 0.05 });
    if (welch.status !== "ok") throw new Error(welch.status);
    expect(effect.p).toBeCloseTo(welch.p, 14);
    expect(effect.interval?.low).toBeCloseTo(welch.interval.low ?? 0, 12);
    expect(effect.lift?.value).toBeCloseTo(welch.relative.status === "ok" ? welch.relative.lift : 0, 12);
  });

  it("is withheld before the end of a plan that looks once, and below the minimum of any", () => {
    const days = sampleDays({ seed: 3, days: 5, perDay: 30, effect: 5 });
    const before = effectIn(sampleInput([sampleData(days)], { plan: samplePlan({ looking: "fixed" }) }));
    expect(before).toMatchObject({ status: "before_end", diff: null, p: null, interval: null, significant: false });
    const few = effectIn(sampleInput([sampleData(days)], { plan: samplePlan({ minimumSubjects: 151 }) }));
    expect(few).toMatchObject({ status: "below_minimum", diff: null, p: null });
  });

  it("takes nothing in that comes after the end of the plan", () => {
    const days = sampleDays({ seed: 5, days: 20, perDay: 30, effect: 0 });
    const plan = samplePlan({ plannedSubjects: 600 });
    const upToEnd = days.filter(({ cohortDay }) => (cohortDay ?? "") < dayAfterStart(10));
    expect(effectIn(sampleInput([sampleData(days)], { plan }))).toStrictEqual(
      effectIn(sampleInput([sampleData(upToEnd)], { plan })),
    );
  });

  it("spends all of its error at the end, and hardly any of it early", () => {
    const days = sampleDays({ seed: 11, days: 14, perDay: 50, effect: 0.1 });
    const { looks } = effectIn(sampleInput([sampleData(days)]));
    expect(looks).toHaveLength(14);
    expect(looks.at(-1)).toMatchObject({ fraction: 1 });
    // Lan & DeMets with the spending of O'Brien and Fleming: little above the bound of a single look.
    expect(looks.at(-1)?.boundary).toBeGreaterThan(1.96);
    expect(looks.at(-1)?.boundary).toBeLessThan(2.11);
    expect(looks[0]?.boundary ?? Infinity).toBeGreaterThan(7);
  });

  it("has an adjusted estimate where there is a covariate, and says what that gained", () => {
    const columns = ["value", "covariate"] as const;
    const arm = (variantId: string, mean: number) => ({
      variantId,
      cohortDay: dayAfterStart(0),
      segment: null,
      n: 200,
      columns,
      mean: [mean, 5],
      m2: [
        [800, 600],
        [600, 800],
      ],
    });
    const data = sampleData([arm(CONTROL, 10), arm(TREATMENT, 10.5)]);
    const plan = samplePlan({ looking: "fixed", durationDays: 1 });
    const effect = effectIn(sampleInput([data], { plan }));
    // 1 - ρ² of a correlation of 3/4, up to the degrees of freedom.
    expect(effect.varianceReduction).toBeCloseTo(9 / 16, 2);
    expect(effect.diff).toBeCloseTo(0.5, 12);
  });

  it("has Newcombe's interval and Fisher's test where successes are few", () => {
    const share = (successes: number): readonly number[] =>
      Array.from({ length: 500 }, (_, i) => (i < successes ? 1 : 0));
    const of = (successes: readonly [number, number]): VariantEffect => {
      const days = [CONTROL, TREATMENT].map((variantId, index) =>
        armOf(share(successes[index] ?? 0), { variantId, cohortDay: dayAfterStart(0) }),
      );
      const metric = sampleMetric("orders", { kind: "conversion" });
      const plan = samplePlan({ looking: "fixed", durationDays: 1 });
      return effectIn(sampleInput([sampleData(days, { metric })], { plan }));
    };
    expect(of([2, 9]).smallCounts?.fisherP).toBeCloseTo(0.0643, 3);
    expect(of([20, 30]).smallCounts).toBeNull();
  });

  describe("of quantiles", () => {
    /** Two values of each subject; as many subjects a day as are said. */
    async function quantiles(days: number, perDay: number, shift: number): Promise<MetricData> {
      async function* subjects(): AsyncGenerator<SubjectValue> {
        for (let index = 0; index < 2 * days * perDay; index += 1) {
          const [variantId, added] = index % 2 === 0 ? [CONTROL, 0] : [TREATMENT, shift];
          const value = (((index >> 1) * 37) % 400) / 40 + added;
          const exposedAt = START + ((index >> 1) % days) * MICROS_PER_DAY;
          yield { subjectId: `s${index}`, variantId, exposedAt, value, denominator: 1, values: [value, value + 0.01] };
        }
      }
      return sampleData([], {
        metric: sampleMetric("orders", { kind: "quantile", quantile: 0.9 }),
        values: await collectValues(subjects()),
        wholeThrough: dayAfterStart(days - 1),
      });
    }

    it("find a difference with the subjects as clusters, look by look", async () => {
      const data = await quantiles(7, 60, 2);
      const { metrics } = analyse(sampleInput([data]));
      const [control, treatment] = metrics[0]?.variants ?? [];
      expect(control).toMatchObject({ n: 420, effect: null });
      expect((treatment?.value ?? 0) - (control?.value ?? 0)).toBeCloseTo(2, 1);
      const looks = treatment?.effect?.looks ?? [];
      expect(looks.map(({ n }) => n)).toStrictEqual([120, 240, 360, 480, 600, 720, 840]);
      expect(looks.map(({ fraction }) => fraction)).toStrictEqual(looks.map(() => null));
      const widths = looks.map(({ interval }) => (interval?.high ?? Infinity) - (interval?.low ?? -Infinity));
      expect(widths.at(-1)).toBeLessThan(widths[0] ?? 0);
      expect(treatment?.effect).toMatchObject({ status: "ok", significant: true });
      expect(metrics[0]?.limitation).toContain("holds whenever one looks");
    });

    it("take in no subject who came after the plan's end", async () => {
      const data = await quantiles(10, 60, 2);
      const plan = samplePlan({ durationDays: 4, looking: "fixed" });
      const [metric] = analyse(sampleInput([data], { plan })).metrics;
      expect(metric?.through).toBe(dayAfterStart(3));
      expect(metric?.variants.map(({ n }) => n)).toStrictEqual([240, 240]);
      expect(metric?.variants[1]?.effect).toMatchObject({ status: "ok", significant: true });
      expect(metric?.limitation).toBe("There are no segments.");
    });

    it("are looked at less often where there are so many values that looks take long", async () => {
      const data = await quantiles(14, 8_000, 0);
      const plan = samplePlan({ looking: "always_valid" });
      const [metric] = analyse(sampleInput([data], { plan })).metrics;
      expect(metric?.limitation).toContain("one look in 2 is taken");
      expect(metric?.variants[1]?.effect?.looks.map(({ day }) => day)).toStrictEqual(
        [1, 3, 5, 7, 9, 11, 13].map(dayAfterStart),
      );
    });
  });
});

describe("several comparisons", () => {
  it("are corrected together in the plan's scope, and only there", () => {
    const of = (key: string, role: "primary" | "secondary", seed: number) =>
      sampleData(sampleDays({ seed, days: 14, perDay: 40, effect: 0.25 }), { metric: sampleMetric(key), role });
    const metrics = [of("a", "primary", 1), of("b", "primary", 2), of("c", "secondary", 3)];
    const plan = samplePlan({ looking: "fixed", correction: "bonferroni", correctionScope: "primary" });
    const input = sampleInput(metrics, { plan });
    const a = effectIn(input, "a");
    expect(a.correctedP).toBeCloseTo(Math.min(1, 2 * (a.p ?? 0)), 14);
    expect(effectIn(input, "c").correctedP).toBeNull();
    const wider: AnalysisPlan = { ...plan, correctionScope: "primary_and_secondary" };
    const c = effectIn({ ...input, plan: wider }, "c");
    expect(c.correctedP).toBeCloseTo(Math.min(1, 3 * (c.p ?? 0)), 14);
  });
});

describe("the verdict", () => {
  const win = sampleData(sampleDays({ seed: 21, days: 14, perDay: 60, effect: 1 }));
  const guard = (effect: number, margin: number) =>
    sampleData(sampleDays({ seed: 22, days: 14, perDay: 60, effect, sd: 0.5 }), {
      metric: sampleMetric("refunds", { higherIsBetter: false }),
      role: "guardrail",
      margin,
    });

  it("ships what is better while every guardrail holds", () => {
    const { verdict } = analyse(sampleInput([win, guard(0, 0.05)]));
    expect(verdict).toMatchObject({ verdict: "ship", variantId: TREATMENT });
    expect(verdict.sentence).toMatch(/^Ship green: orders is better by \+\d.*guardrail holds\.$/);
  });

  it("does not ship what breaks a guardrail, however much better it is", () => {
    const { verdict } = analyse(sampleInput([win, guard(2, 0.05)]));
    expect(verdict).toMatchObject({ verdict: "do_not_ship" });
    expect(verdict.sentence).toContain("refunds is worse by more than the accepted 5%");
  });

  it("does not ship while a guardrail is open", () => {
    const { verdict } = analyse(sampleInput([win, guard(0.05, 0.005)]));
    expect(verdict.verdict).toBe("no_effect_found");
    expect(verdict.sentence).toContain("it is not shown that refunds holds");
  });

  it("puts trust before everything else", () => {
    const broken = trustworthy({
      funnel: [
        { variantId: CONTROL, decided: 1_000, exposed: 900, attributed: 1, counted: 1 },
        { variantId: TREATMENT, decided: 1_000, exposed: 500, attributed: 1, counted: 1 },
      ],
    });
    const { trust, verdict } = analyse(sampleInput([win], { trust: broken }));
    expect(verdict.verdict).toBe("untrustworthy");
    expect(trust.filter(({ light }) => light === "red").map(({ check }) => check)).toStrictEqual([
      "sample_ratio",
      "differential_exposure",
    ]);
  });

  it("goes on while nothing has crossed, finds nothing at the end, and says how long it takes", () => {
    const days = sampleDays({ seed: 31, days: 14, perDay: 60, effect: 0 });
    const half = days.filter(({ cohortDay }) => (cohortDay ?? "") < dayAfterStart(7));
    const now = Date.parse(`${dayAfterStart(8)}T00:00:00Z`) * 1_000;
    const running = analyse(sampleInput([sampleData(half)], { now })).verdict;
    expect(running).toMatchObject({ verdict: "running", daysLeft: 6 });
    expect(running.sentence).toBe("Go on for 6 more days: nothing has crossed its boundary yet.");
    expect(analyse(sampleInput([sampleData(days)], { now })).verdict).toMatchObject({
      verdict: "no_effect_found",
      daysLeft: null,
    });
  });

  it("says that it is early, and concludes nothing from a cut of the data", () => {
    const first = sampleData(sampleDays({ seed: 1, days: 1, perDay: 10, effect: 9 }));
    expect(analyse(sampleInput([first])).verdict.verdict).toBe("collecting");
    expect(analyse(sampleInput([win], { exploratory: true })).verdict.verdict).toBe("exploratory");
  });
});

describe("segments", () => {
  it("show heterogeneity and a reversal that the mix makes", () => {
    const of = (segment: string, variantId: string, n: number, share: number) =>
      armOf(
        Array.from({ length: n }, (_, i) => (i < n * share ? 1 : 0)),
        { variantId, segment },
      );
    // Charig et al. (1986): kidney stones.
    const arms = [
      of("small", CONTROL, 270, 234 / 270),
      of("small", TREATMENT, 87, 81 / 87),
      of("large", CONTROL, 80, 55 / 80),
      of("large", TREATMENT, 263, 192 / 263),
    ];
    const data = sampleData(sampleDays({ seed: 1, days: 14, perDay: 30, effect: 0 }), {
      segments: [{ name: "stones", arms }],
    });
    const { metrics } = analyse(sampleInput([data]));
    const [split] = metrics[0]?.segments ?? [];
    expect(split?.simpson).toBe(true);
    expect(split?.segments.map(({ segment }) => segment)).toStrictEqual(["large", "small"]);
    expect(split?.poststratified?.diff).toBeGreaterThan(0);
    expect(split?.correctedP).toBe(split?.p);
    expect(split?.i2).toBe(0);
  });

  it("show a reversal of ratios, too, with covariates beside them", () => {
    const columns = ["value", "denominator", "covariate", "covariate_denominator"] as const;
    const of = (segment: string, variantId: string, n: number, ratio: number): ArmMoments => ({
      variantId,
      segment,
      cohortDay: null,
      n,
      columns,
      mean: [2 * ratio, 2, 3, 2],
      m2: columns.map((_, row) => columns.map((__, column) => (row === column ? n : 0))),
    });
    const arms = [
      of("large", CONTROL, 1_000, 10),
      of("large", TREATMENT, 100, 11),
      of("small", CONTROL, 100, 1),
      of("small", TREATMENT, 1_000, 2),
    ];
    const data = sampleData(
      arms.map((arm) => ({ ...arm, segment: null, cohortDay: dayAfterStart(0) })),
      { metric: sampleMetric("orders", { kind: "ratio", covariateDays: 7 }), segments: [{ name: "basket", arms }] },
    );
    const plan = samplePlan({ looking: "fixed", durationDays: 1 });
    const [split] = analyse(sampleInput([data], { plan })).metrics[0]?.segments ?? [];
    expect(split).toMatchObject({ simpson: true, poststratified: { diff: 1 } });
  });
});

describe("beliefs", () => {
  const days = sampleDays({ seed: 4, days: 14, perDay: 60, effect: 0.3 });
  const input = sampleInput([sampleData(days)]);
  const treatmentBelief = (analysis: ReturnType<typeof analyse>) =>
    analysis.metrics[0]?.variants.find(({ variantId }) => variantId === TREATMENT)?.belief;
  const without = (analysis: ReturnType<typeof analyse>): unknown => ({
    ...analysis,
    metrics: analysis.metrics.map((metric) => ({
      ...metric,
      variants: metric.variants.map(({ effect, n, value, variantId }) => ({ variantId, n, value, effect })),
    })),
  });

  it("stand beside the results and change nothing of them", () => {
    const plain = analyse(input);
    const believing = analyse({ ...input, priorSd: 0.01 });
    expect(treatmentBelief(believing)?.negligible).toBeNull();
    expect(without(believing)).toStrictEqual(plain);
    expect(plain.metrics[0]?.variants.some((variant) => "belief" in variant)).toBe(false);
    const [control, treatment] = believing.metrics[0]?.variants ?? [];
    const lift = treatment?.effect?.lift?.value ?? 0;
    expect(control?.belief).toMatchObject({ beatsControl: null, lift: null, interval: null, negligible: null });
    expect((control?.belief?.best ?? 0) + (treatment?.belief?.best ?? 0)).toBeCloseTo(1, 8);
    // A narrow prior doubts what was seen.
    expect(treatment?.belief?.lift).toBeGreaterThan(0);
    expect(treatment?.belief?.lift).toBeLessThan(lift);
  });

  it("come to what was seen under a prior that says nothing, on the side that is better", () => {
    const data = sampleData(days, { metric: sampleMetric("orders", { higherIsBetter: false }) });
    const plan = samplePlan({ looking: "fixed" });
    const [control, treatment] = analyse(sampleInput([data], { plan, priorSd: 100 })).metrics[0]?.variants ?? [];
    const { fixedP, lift } = treatment?.effect ?? {};
    expect(treatment?.belief?.lift).toBeCloseTo(lift?.value ?? 0, 6);
    expect(treatment?.belief?.interval?.low).toBeCloseTo(lift?.interval?.low ?? 0, 3);
    // The one-sided p-value and the probability not to be better are the same, up to Student's t.
    expect(1 - (treatment?.belief?.beatsControl ?? 0)).toBeCloseTo(1 - (fixedP ?? 0) / 2, 2);
    expect(control?.belief?.best).toBeGreaterThan(0.9);
  });

  it("say how likely a change is that does not matter", () => {
    const negligible = (practicalThreshold: number): number => {
      const data = sampleData(days, { metric: sampleMetric("orders", { practicalThreshold }) });
      return treatmentBelief(analyse(sampleInput([data], { priorSd: 0.1 })))?.negligible ?? NaN;
    };
    expect(negligible(0.001)).toBeLessThan(0.1);
    expect(negligible(0.2)).toBeGreaterThan(0.99);
  });

  it("are withheld where results are", () => {
    const plan = samplePlan({ looking: "fixed" });
    const early = sampleData(days.filter(({ cohortDay }) => (cohortDay ?? "") < dayAfterStart(5)));
    const { metrics } = analyse(sampleInput([early], { plan, priorSd: 0.1 }));
    expect(metrics[0]?.variants.some((variant) => "belief" in variant)).toBe(false);
  });
});
