import { analyse, type BoundsQuestion, type SequentialBounds } from "@lotty/analysis";
import type { AnalysisPlan, ArmMoments, VariantEffect } from "@lotty/domain";
import { FIRST_DAY, simulatedDay } from "../draw-experiment.ts";
import { SHOP_METRICS, type ShopVariant } from "./shop.ts";

/** What a plan is read with. */
export interface PlanReading {
  readonly looking: AnalysisPlan["looking"];
  readonly correction: AnalysisPlan["correction"];
  /** Whole days that have passed, from 1. */
  readonly day: number;
  /** Days of the plan. */
  readonly days: number;
  readonly plannedSubjects: number;
  readonly variants: readonly ShopVariant[];
  readonly boundsOf: (question: BoundsQuestion) => SequentialBounds;
}

/** One comparison of a plan, with what is true of it. */
export interface ReadComparison {
  readonly metric: string;
  readonly variant: string;
  readonly trueDiff: number;
  readonly trueLift: number;
  readonly effect: VariantEffect;
}

/** Reads the results of a plan on a day: all comparisons of all of its metrics, corrected together. */
export function readPlan(drawn: readonly (readonly ArmMoments[])[], reading: PlanReading): readonly ReadComparison[] {
  const { boundsOf, day, variants } = reading;
  const through = simulatedDay(day - 1);
  const { metrics } = analyse({
    plan: planOf(reading),
    variants,
    metrics: SHOP_METRICS.map(({ metric, role }, index) => ({
      metric,
      role,
      margin: null,
      days: (drawn[index] ?? []).filter(({ cohortDay }) => (cohortDay ?? "") <= through),
      values: null,
      wholeThrough: through,
      segments: [],
      unsplit: [],
    })),
    trust: {
      variants,
      population: "exposed",
      funnel: [],
      daily: null,
      several: null,
      covariates: [],
      exclusions: null,
    },
    startedAt: 0,
    startDay: FIRST_DAY,
    now: 0,
    exploratory: false,
    boundsOf,
  });
  return SHOP_METRICS.flatMap(({ metric, truth }, index) =>
    variants.flatMap(({ effect: done, id, isControl, name }) => {
      const effect = metrics[index]?.variants.find(({ variantId }) => variantId === id)?.effect ?? null;
      if (isControl || effect === null) return [];
      const before = truth({ orders: 0, orderValue: 0 });
      const trueDiff = truth(done) - before;
      return [{ metric: metric.key, variant: name, trueDiff, trueLift: trueDiff / before, effect }];
    }),
  );
}

function planOf({ correction, days, looking, plannedSubjects }: PlanReading): AnalysisPlan {
  const of = (role: string): AnalysisPlan["primary"] =>
    SHOP_METRICS.filter((each) => each.role === role).map(({ metric }) => ({ metricId: metric.id, metricVersion: 1 }));
  return {
    experimentId: "00000000-0000-4000-8000-00000000000e",
    primary: of("primary"),
    secondary: of("secondary"),
    guardrails: [],
    alpha: 0.05,
    power: 0.8,
    minimumEffect: null,
    durationDays: days,
    plannedSubjects,
    minimumSubjects: 100,
    looking,
    correction,
    correctionScope: "primary_and_secondary",
    population: "exposed",
    segments: [],
    version: 1,
    updatedAt: 0,
    frozenAt: 0,
  };
}
