import type { PlannerAnswer, PlannerQuestion } from "@lotty/analysis";
import { LOOKING_RULES, type AnalysisPlan } from "@lotty/domain";
import { z } from "zod";
import { AN_OBJECT, idField, nameField, wholeField } from "../control/control-fields.ts";
import { type Read, readWith } from "../read-request.ts";
import { numberField } from "./plan-request.ts";

/** Body of `POST /v1/power`. */
export interface PowerRequest {
  readonly metric?: string;
  readonly baseline?: { readonly mean: number; readonly sd: number };
  readonly experiment_id?: string;
  readonly subjects_per_day?: number;
  readonly history_days: number;
  readonly alpha: number;
  readonly power: number;
  readonly arms: number;
  readonly looking: AnalysisPlan["looking"];
  readonly variance_reduction: number | null;
  readonly minimum_effect: number | null;
  readonly margin: number | null;
  readonly duration_days: number | null;
}

function between(low: number, high: number, message: string): z.ZodType<number, number> {
  return numberField.refine((value) => value > low && value < high, { error: message });
}

const positive = numberField.refine((value) => value > 0, { error: "must be above 0" });
const baseline = z.strictObject(
  { mean: numberField.refine((value) => value !== 0, { error: "must not be 0" }), sd: positive },
  AN_OBJECT,
);

function wholeFrom(low: number, high: number): z.ZodType<number, number> {
  return wholeField.refine((value) => value >= low && value <= high, { error: `must be from ${low} to ${high}` });
}

/** Schema of {@link PowerRequest}. */
export const powerRequestSchema: z.ZodType<PowerRequest> = z
  .strictObject(
    {
      metric: nameField.exactOptional(),
      baseline: baseline.exactOptional(),
      experiment_id: idField.exactOptional(),
      subjects_per_day: positive.exactOptional(),
      history_days: wholeFrom(1, 365).default(28),
      alpha: between(0, 0.5, "must be above 0 and below 0.5").default(0.05),
      power: between(0.5, 1, "must be above 0.5 and below 1").default(0.8),
      arms: wholeFrom(2, 50).default(2),
      looking: z.enum(LOOKING_RULES).default("group_sequential"),
      variance_reduction: numberField
        .refine((value) => value >= 0 && value < 1, { error: "must be from 0 to below 1" })
        .nullable()
        .default(null),
      minimum_effect: positive.nullable().default(null),
      margin: between(0, 1, "must be above 0 and below 1").nullable().default(null),
      duration_days: wholeFrom(1, 730).nullable().default(null),
    },
    AN_OBJECT,
  )
  .meta({ id: "PowerRequest" });

/** Reads the body of `POST /v1/power`. */
export function readPower(body: unknown): Read<PowerRequest> {
  return readWith(powerRequestSchema, body);
}

/** The question of a planner. */
export function plannerQuestionOf(request: PowerRequest, environmentId: string): PlannerQuestion {
  const { baseline: given, experiment_id, metric, subjects_per_day } = request;
  return {
    environmentId,
    ...(metric !== undefined && { metric }),
    ...(given !== undefined && { baseline: given }),
    ...(experiment_id !== undefined && { experimentId: experiment_id }),
    ...(subjects_per_day !== undefined && { subjectsPerDay: subjects_per_day }),
    historyDays: request.history_days,
    alpha: request.alpha,
    power: request.power,
    arms: request.arms,
    looking: request.looking,
    varianceReduction: request.variance_reduction,
    minimumEffect: request.minimum_effect,
    margin: request.margin,
    durationDays: request.duration_days,
  };
}

/** Answer of `POST /v1/power`. */
export interface PowerResponse {
  readonly baseline: { readonly mean: number; readonly sd: number };
  readonly variance_reduction: number;
  readonly subjects_per_day: number | null;
  readonly per_arm: number | null;
  readonly total: number | null;
  readonly days: number | null;
  readonly per_arm_for_margin: number | null;
  readonly minimum_detectable: number | null;
  readonly looking_factor: number;
  readonly sources: readonly string[];
}

const count = z.int().min(0);

/** Schema of {@link PowerResponse}. */
export const powerSchema: z.ZodType<PowerResponse> = z
  .strictObject({
    baseline: z.strictObject({ mean: z.number(), sd: z.number() }),
    variance_reduction: z.number().meta({ description: "Given, or by the covariate in the metric's past." }),
    subjects_per_day: z.number().nullable(),
    per_arm: count.nullable(),
    total: count.nullable(),
    days: count.nullable().meta({ description: "At the traffic that there is." }),
    per_arm_for_margin: count.nullable().meta({ description: "Subjects per arm that rule the margin out." }),
    minimum_detectable: z
      .number()
      .nullable()
      .meta({ description: "Smallest relative effect that the duration finds." }),
    looking_factor: z.number(),
    sources: z.array(z.string()).meta({ description: "What was taken from where." }),
  })
  .meta({ id: "Power" });

/** A size for the wire. */
export function presentPower(answer: Extract<PlannerAnswer, { readonly status: "ok" }>): PowerResponse {
  return {
    baseline: answer.baseline,
    variance_reduction: answer.varianceReduction,
    subjects_per_day: answer.subjectsPerDay,
    per_arm: answer.perArm,
    total: answer.total,
    days: answer.days,
    per_arm_for_margin: answer.perArmForMargin,
    minimum_detectable: answer.minimumDetectable,
    looking_factor: answer.lookingFactor,
    sources: answer.sources,
  };
}
