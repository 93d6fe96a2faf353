import type { AnalysisPlan } from "./analysis-plan.ts";

/** The fields of a plan that need not be said. */
export type PlanDefaults = Pick<
  AnalysisPlan,
  | "alpha"
  | "power"
  | "minimumEffect"
  | "durationDays"
  | "plannedSubjects"
  | "minimumSubjects"
  | "looking"
  | "correction"
  | "correctionScope"
  | "population"
  | "segments"
>;

/** What a plan says where nobody said anything. */
export const PLAN_DEFAULTS: PlanDefaults = {
  alpha: 0.05,
  power: 0.8,
  minimumEffect: null,
  durationDays: 14,
  plannedSubjects: null,
  minimumSubjects: 100,
  looking: "group_sequential",
  correction: "holm",
  correctionScope: "primary",
  population: "exposed",
  segments: [],
};

/** Limits of plans. */
const PLAN_LIMITS: {
  readonly metrics: number;
  readonly segments: number;
  readonly days: number;
  readonly subjects: number;
} = { metrics: 50, segments: 5, days: 730, subjects: 1_000_000_000 };

/** What is wrong with a field of a plan. */
export interface PlanFault {
  readonly field: string;
  readonly message: string;
}

/** Everything that is wrong with a plan in itself; whether its metrics exist is another question. */
export function planFaults(plan: AnalysisPlan): readonly PlanFault[] {
  return [...metricFaults(plan), ...numberFaults(plan), ...segmentFaults(plan)];
}

function metricFaults({ guardrails, primary, secondary }: AnalysisPlan): readonly PlanFault[] {
  const faults: PlanFault[] = [];
  if (primary.length === 0) {
    faults.push({ field: "primary", message: "A plan has at least one metric that decides." });
  }
  if (primary.length + secondary.length + guardrails.length > PLAN_LIMITS.metrics) {
    faults.push({ field: "secondary", message: `A plan has at most ${PLAN_LIMITS.metrics} metrics.` });
  }
  const decides = new Set(primary.map(({ metricId }) => metricId));
  if (secondary.some(({ metricId }) => decides.has(metricId))) {
    faults.push({ field: "secondary", message: "A metric is either primary or secondary." });
  }
  for (const [field, metrics] of Object.entries({ primary, secondary, guardrails })) {
    if (new Set(metrics.map(({ metricId }) => metricId)).size < metrics.length) {
      faults.push({ field, message: "A metric is named only once." });
    }
  }
  if (guardrails.some(({ margin }) => !(margin > 0 && margin < 1))) {
    faults.push({ field: "guardrails", message: "A margin is a share of the control's mean, above 0 and below 1." });
  }
  return faults;
}

function numberFaults(plan: AnalysisPlan): readonly PlanFault[] {
  const { alpha, durationDays, minimumEffect, minimumSubjects, plannedSubjects, power } = plan;
  const { days, subjects } = PLAN_LIMITS;
  const rules: readonly (readonly [string, boolean, string])[] = [
    ["alpha", alpha > 0 && alpha < 0.5, "Alpha has to be above 0 and below 0.5."],
    ["power", power > alpha && power < 1, "Power has to be above alpha and below 1."],
    [
      "minimumEffect",
      minimumEffect === null || (minimumEffect > 0 && minimumEffect <= 10),
      "The minimum effect has to be above 0, at most 10.",
    ],
    [
      "durationDays",
      isWhole(durationDays, 1, days),
      `The duration has to be a whole number of days from 1 to ${days}.`,
    ],
    [
      "minimumSubjects",
      isWhole(minimumSubjects, 2, subjects),
      `The minimum per arm has to be a whole number from 2 to ${subjects}.`,
    ],
    [
      "plannedSubjects",
      plannedSubjects === null || isWhole(plannedSubjects, 2 * minimumSubjects, subjects),
      "The planned subjects have to be a whole number, at least twice the minimum per arm.",
    ],
  ];
  return rules.flatMap(([field, holds, message]) => (holds ? [] : [{ field, message }]));
}

function segmentFaults({ segments }: AnalysisPlan): readonly PlanFault[] {
  if (segments.length > PLAN_LIMITS.segments || new Set(segments).size < segments.length) {
    return [{ field: "segments", message: `A plan splits by at most ${PLAN_LIMITS.segments} names, each once.` }];
  }
  const blank = segments.some((name) => name.trim() === "");
  return blank ? [{ field: "segments", message: "A segment has a name." }] : [];
}

function isWhole(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}
