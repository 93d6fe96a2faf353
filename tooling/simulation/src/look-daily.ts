import { analyse, type BoundsQuestion, type SequentialBounds } from "@lotty/analysis";
import type { AnalysisPlan, ArmMoments, ReportedVariant, VariantEffect } from "@lotty/domain";
import { ARMS, FIRST_DAY, simulatedDay } from "./draw-experiment.ts";
import { simulatedMetric } from "./simulated-metric.ts";

/** Rules of looking that are compared. */
export type Looking = AnalysisPlan["looking"];

/** What experiments are looked at with. */
export interface DailyLooks {
  readonly looking: Looking;
  readonly days: number;
  readonly plannedSubjects: number;
  readonly boundsOf: (question: BoundsQuestion) => SequentialBounds;
}

/** What daily looks at one experiment came to. */
export interface Outcome {
  /** The first day on which an effect was claimed, from 1; `null` when none was. */
  readonly claimedOn: number | null;
  /** Whether the first claim was of something better. */
  readonly better: boolean;
  /** The first day on which the p-value of a single look was at most alpha; `null` when none was. */
  readonly naiveOn: number | null;
  /** The effect as it was seen on the last day. */
  readonly last: VariantEffect;
}

/** The plan of all simulated experiments: the defaults, but for what is compared. */
function planOf({ days, looking, plannedSubjects }: DailyLooks): AnalysisPlan {
  return {
    experimentId: "00000000-0000-4000-8000-00000000000e",
    primary: [{ metricId: METRIC.id, metricVersion: 1 }],
    secondary: [],
    guardrails: [],
    alpha: 0.05,
    power: 0.8,
    minimumEffect: null,
    durationDays: days,
    plannedSubjects,
    minimumSubjects: 100,
    looking,
    correction: "holm",
    correctionScope: "primary",
    population: "exposed",
    segments: [],
    version: 1,
    updatedAt: 0,
    frozenAt: 0,
  };
}

const METRIC = simulatedMetric("revenue");

const VARIANTS: readonly ReportedVariant[] = [
  { id: ARMS.control, name: "control", isControl: true, share: 0.5 },
  { id: ARMS.treatment, name: "treatment", isControl: false, share: 0.5 },
];

const TRUST = {
  variants: VARIANTS,
  population: "exposed",
  funnel: [],
  daily: null,
  several: null,
  covariates: [],
  exclusions: null,
} as const;

/** Looks at an experiment after every day, each time at all that there is by then, as somebody who reads the results daily. */
export function lookDaily(drawn: readonly ArmMoments[], looks: DailyLooks): Outcome {
  const plan = planOf(looks);
  let claimedOn: number | null = null;
  let better = false;
  let naiveOn: number | null = null;
  let last: VariantEffect | undefined;
  for (let day = 1; day <= looks.days; day += 1) {
    const through = simulatedDay(day - 1);
    const days = drawn.filter(({ cohortDay }) => (cohortDay ?? "") <= through);
    last = effectOf(days, { plan, through, boundsOf: looks.boundsOf });
    if (naiveOn === null && last.fixedP !== null && last.fixedP <= plan.alpha) naiveOn = day;
    if (claimedOn === null && last.significant) {
      claimedOn = day;
      better = last.better === true;
    }
  }
  if (last === undefined) throw new RangeError("An experiment has at least one day.");
  return { claimedOn, better, naiveOn, last };
}

function effectOf(
  days: readonly ArmMoments[],
  { boundsOf, plan, through }: Pick<DailyLooks, "boundsOf"> & { readonly plan: AnalysisPlan; readonly through: string },
): VariantEffect {
  const data = {
    metric: METRIC,
    role: "primary",
    margin: null,
    days,
    values: null,
    segments: [],
    unsplit: [],
  } as const;
  const { metrics } = analyse({
    plan,
    variants: VARIANTS,
    metrics: [{ ...data, wholeThrough: through }],
    trust: TRUST,
    startedAt: 0,
    startDay: FIRST_DAY,
    now: 0,
    exploratory: false,
    boundsOf,
  });
  const effect = metrics[0]?.variants.find(({ variantId }) => variantId === ARMS.treatment)?.effect;
  if (effect === null || effect === undefined) throw new Error("The treatment has no effect.");
  return effect;
}
