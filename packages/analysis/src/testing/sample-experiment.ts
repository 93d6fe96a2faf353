import type { AnalysisPlan, ArmMoments, Instant, Metric, MetricDefinition, ReportedVariant } from "@lotty/domain";
import { momentsOf } from "@lotty/stats";
import type { AnalysisInput } from "../analyse.ts";
import { createBoundsSource } from "../looks/sequential-bounds.ts";
import type { MetricData } from "../results/metric-data.ts";
import type { TrustData } from "../trust/trust-data.ts";
import { SeededRandom } from "./random.ts";

export const CONTROL = "00000000-0000-4000-8000-00000000000a";
export const TREATMENT = "00000000-0000-4000-8000-00000000000b";
export const START_DAY = "2026-11-01";
/** Midnight of {@link START_DAY}. */
export const START: Instant = Date.parse(`${START_DAY}T00:00:00Z`) * 1_000;

export const VARIANTS: readonly ReportedVariant[] = [
  { id: CONTROL, name: "control", isControl: true, share: 0.5 },
  { id: TREATMENT, name: "green", isControl: false, share: 0.5 },
];

/** The day so many days after the start. */
export function dayAfterStart(days: number): string {
  return new Date(START / 1_000 + days * 86_400_000).toISOString().slice(0, 10);
}

export function samplePlan(fields: Partial<AnalysisPlan> = {}): AnalysisPlan {
  return {
    experimentId: "00000000-0000-4000-8000-000000000001",
    primary: [{ metricId: "orders", metricVersion: 1 }],
    secondary: [],
    guardrails: [],
    alpha: 0.05,
    power: 0.8,
    minimumEffect: 0.05,
    durationDays: 14,
    plannedSubjects: null,
    minimumSubjects: 20,
    looking: "group_sequential",
    correction: "holm",
    correctionScope: "primary",
    population: "exposed",
    segments: [],
    version: 1,
    updatedAt: START,
    frozenAt: START,
    ...fields,
  };
}

export function sampleMetric(key: string, fields: Partial<MetricDefinition> = {}): Metric {
  return {
    id: key,
    environmentId: "00000000-0000-4000-8000-000000000000",
    key,
    name: key,
    description: null,
    owner: null,
    tags: [],
    definition: {
      kind: "sum",
      numerator: { eventType: key, filter: null, valueProperty: null },
      denominator: null,
      countsEvents: false,
      windowHours: 24,
      retentionFromDays: 0,
      quantile: null,
      winsorizing: null,
      dropsZeros: false,
      higherIsBetter: true,
      covariateDays: 0,
      practicalThreshold: null,
      ...fields,
    },
    version: 1,
    updatedAt: START,
    archivedAt: null,
  };
}

/** Moments of one column of values. */
export function armOf(values: readonly number[], of: Partial<ArmMoments> & Pick<ArmMoments, "variantId">): ArmMoments {
  const { n, mean, m2 } = momentsOf(values);
  return { cohortDay: null, segment: null, n, columns: ["value"], mean: [mean ?? 0], m2: [[m2 ?? 0]], ...of };
}

/** Days of values around 10, the treatment's moved by an effect. */
export function sampleDays(question: {
  readonly seed: number;
  readonly days: number;
  readonly perDay: number;
  readonly effect: number;
  readonly sd?: number;
}): readonly ArmMoments[] {
  const random = new SeededRandom(question.seed);
  return Array.from({ length: question.days }, (_, day) =>
    [CONTROL, TREATMENT].map((variantId) => {
      const shift = variantId === TREATMENT ? question.effect : 0;
      const values = Array.from({ length: question.perDay }, () => 10 + shift + (question.sd ?? 2) * random.normal());
      return armOf(values, { variantId, cohortDay: dayAfterStart(day) });
    }),
  ).flat();
}

export function sampleData(days: readonly ArmMoments[], fields: Partial<MetricData> = {}): MetricData {
  const last = days.at(-1)?.cohortDay ?? null;
  return {
    metric: sampleMetric("orders"),
    role: "primary",
    margin: null,
    days,
    values: null,
    wholeThrough: last,
    segments: [],
    unsplit: [],
    ...fields,
  };
}

/** Nothing speaks against the results. */
export function trustworthy(fields: Partial<TrustData> = {}): TrustData {
  const arm = { decided: 1_000, exposed: 900, attributed: 300, counted: 300 };
  return {
    variants: VARIANTS,
    population: "exposed",
    funnel: VARIANTS.map(({ id }) => ({ variantId: id, ...arm })),
    daily: [new Map(VARIANTS.map(({ id }) => [id, 900]))],
    several: { several: 3, exposed: 1_803 },
    covariates: [],
    exclusions: { participationLimit: 0, domainConflict: 0, decisions: 2_000 },
    ...fields,
  };
}

export function sampleInput(metrics: readonly MetricData[], fields: Partial<AnalysisInput> = {}): AnalysisInput {
  return {
    plan: samplePlan(),
    variants: VARIANTS,
    metrics,
    trust: trustworthy(),
    startedAt: START,
    startDay: START_DAY,
    now: START,
    exploratory: false,
    boundsOf: createBoundsSource(),
    ...fields,
  };
}
