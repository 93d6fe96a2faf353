import type { DescribedPlan } from "@lotty/control-plane";
import {
  CORRECTION_SCOPES,
  CORRECTIONS,
  formatInstant,
  LOOKING_RULES,
  POPULATIONS,
  type AnalysisPlan,
  type PlanDeviation,
  type PlannedMetric,
} from "@lotty/domain";
import { z } from "zod";

/** A metric of a plan, on the wire. */
export interface PlannedMetricResponse {
  readonly metric_id: string;
  readonly metric_version: number;
}

/** Something that was changed of a plan after the start, on the wire. */
export interface DeviationResponse {
  readonly at: string;
  readonly actor: string;
  readonly field: string;
  readonly planned: string;
  readonly now: string;
}

/** A plan without what was changed of it. */
export interface PlanContentResponse {
  readonly experiment_id: string;
  readonly primary: readonly PlannedMetricResponse[];
  readonly secondary: readonly PlannedMetricResponse[];
  readonly guardrails: readonly (PlannedMetricResponse & { readonly margin: number })[];
  readonly alpha: number;
  readonly power: number;
  readonly minimum_effect: number | null;
  readonly duration_days: number;
  readonly planned_subjects: number | null;
  readonly minimum_subjects: number;
  readonly looking: AnalysisPlan["looking"];
  readonly correction: AnalysisPlan["correction"];
  readonly correction_scope: AnalysisPlan["correctionScope"];
  readonly population: AnalysisPlan["population"];
  readonly segments: readonly string[];
  readonly version: number;
  readonly updated_at: string;
  readonly frozen_at: string | null;
}

/** An analysis plan, on the wire. */
export interface PlanResponse extends PlanContentResponse {
  readonly hash: string;
  readonly deviations: readonly DeviationResponse[];
}

const instantText = z.string().meta({ format: "date-time" });
const planned = { metric_id: z.string(), metric_version: z.int().min(1) };

/** Schema of what was changed of a plan after the start. */
export const deviationSchema: z.ZodType<DeviationResponse> = z
  .strictObject({ at: instantText, actor: z.string(), field: z.string(), planned: z.string(), now: z.string() })
  .meta({ id: "PlanDeviation", description: "What was changed of a plan after the start, as canonical JSON." });

const content = {
  experiment_id: z.uuid(),
  primary: z.array(z.strictObject(planned)),
  secondary: z.array(z.strictObject(planned)),
  guardrails: z.array(z.strictObject({ ...planned, margin: z.number() })),
  alpha: z.number(),
  power: z.number(),
  minimum_effect: z.number().nullable(),
  duration_days: z.int(),
  planned_subjects: z.int().nullable(),
  minimum_subjects: z.int(),
  looking: z.enum(LOOKING_RULES),
  correction: z.enum(CORRECTIONS),
  correction_scope: z.enum(CORRECTION_SCOPES),
  population: z.enum(POPULATIONS),
  segments: z.array(z.string()),
  version: z.int().min(1),
  updated_at: instantText,
  frozen_at: instantText.nullable().meta({ description: "When the start fixed it; later changes are deviations." }),
};

/** Schema of {@link PlanContentResponse}. */
export const planContentSchema: z.ZodType<PlanContentResponse> = z.strictObject(content).meta({ id: "PlanContent" });

/** Schema of {@link PlanResponse}. */
export const planSchema: z.ZodType<PlanResponse> = z
  .strictObject({ ...content, hash: z.string(), deviations: z.array(deviationSchema) })
  .meta({ id: "AnalysisPlan" });

/** A plan for the wire. */
export function presentPlan({ deviations, hash, plan }: DescribedPlan): PlanResponse {
  return { ...presentPlanContent(plan), hash, deviations: deviations.map(presentDeviation) };
}

/** What a plan says, for the wire. */
export function presentPlanContent(plan: AnalysisPlan): PlanContentResponse {
  return {
    experiment_id: plan.experimentId,
    primary: plan.primary.map(presentMetric),
    secondary: plan.secondary.map(presentMetric),
    guardrails: plan.guardrails.map((guardrail) => ({ ...presentMetric(guardrail), margin: guardrail.margin })),
    alpha: plan.alpha,
    power: plan.power,
    minimum_effect: plan.minimumEffect,
    duration_days: plan.durationDays,
    planned_subjects: plan.plannedSubjects,
    minimum_subjects: plan.minimumSubjects,
    looking: plan.looking,
    correction: plan.correction,
    correction_scope: plan.correctionScope,
    population: plan.population,
    segments: plan.segments,
    version: plan.version,
    updated_at: formatInstant(plan.updatedAt),
    frozen_at: plan.frozenAt === null ? null : formatInstant(plan.frozenAt),
  };
}

/** A deviation for the wire. */
export function presentDeviation({ actorName, at, field, now, planned: before }: PlanDeviation): DeviationResponse {
  return { at: formatInstant(at), actor: actorName, field, planned: before, now };
}

function presentMetric({ metricId, metricVersion }: PlannedMetric): PlannedMetricResponse {
  return { metric_id: metricId, metric_version: metricVersion };
}
