import { FIRING_STEPS, GUARDRAIL_ACTIONS, GUARDRAIL_STATES, MARGIN_KINDS, POPULATIONS } from "@lotty/domain";
import { z } from "zod";
import type {
  EvaluationRoundResponse,
  FiringResponse,
  GuardrailEvaluationResponse,
  GuardrailResponse,
  IncidentResponse,
  RampResponse,
  RehearsalResponse,
  WatchedGuardrailResponse,
} from "./guardrail-responses.ts";

const id = z.uuid();
const time = z.iso.datetime();
const count = z.int().min(0);
const number = z.number().nullable();
const version = z.int().min(1);

const guardrailFields = {
  id,
  experiment_id: id,
  metric_id: id,
  metric_version: version,
  margin: z.number(),
  margin_kind: z.enum(MARGIN_KINDS),
  alpha: z.number(),
  minimum_subjects: count,
  tuned_for: count,
  population: z.enum(POPULATIONS),
  action: z.enum(GUARDRAIL_ACTIONS),
  armed_at: time.nullable().meta({
    description: "Only subjects first exposed from then on count: when a firing was last undone.",
  }),
  version,
  updated_at: time,
};

/** Schema of {@link GuardrailResponse}. */
export const guardrailSchema: z.ZodType<GuardrailResponse> = z.strictObject(guardrailFields).meta({ id: "Guardrail" });

/** Schema of {@link GuardrailEvaluationResponse}. */
export const guardrailEvaluationSchema: z.ZodType<GuardrailEvaluationResponse> = z
  .strictObject({
    at: time,
    state: z.enum(GUARDRAIL_STATES).meta({
      description:
        "green: the estimate is within the margin. amber: beyond it, maybe by chance. firing: beyond it, for sure.",
    }),
    since: time,
    watermark: time.nullable(),
    from: time.nullable(),
    alpha_per_variant: z.number(),
    readings: z.array(
      z.strictObject({
        variant_id: id,
        state: z.enum(GUARDRAIL_STATES),
        subjects: count,
        control_subjects: count,
        mean: number,
        control_mean: number,
        shift: number.meta({
          description: "How far the variant is on the good side of the margin; negative is beyond it.",
        }),
        se: number,
        low: number.meta({ description: "Above 0 the harm is ruled out." }),
        high: number.meta({ description: "Below 0 the guardrail fires." }),
        waits_for: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: "GuardrailEvaluation" });

/** Schema of {@link WatchedGuardrailResponse}. */
export const watchedGuardrailSchema: z.ZodType<WatchedGuardrailResponse> = z
  .strictObject({ ...guardrailFields, evaluation: guardrailEvaluationSchema.nullable() })
  .meta({ id: "WatchedGuardrail" });

/** Schema of a list of guardrails. */
export const guardrailsSchema: z.ZodType<{ readonly guardrails: readonly WatchedGuardrailResponse[] }> = z
  .strictObject({ guardrails: z.array(watchedGuardrailSchema) })
  .meta({ id: "Guardrails" });

/** Schema of {@link EvaluationRoundResponse}. */
export const evaluationRoundSchema: z.ZodType<EvaluationRoundResponse> = z
  .strictObject({
    evaluated: z.boolean().meta({ description: "false when another process was at it." }),
    guardrails: z.array(watchedGuardrailSchema),
  })
  .meta({ id: "GuardrailRound" });

const firingFields = {
  id,
  experiment_id: id,
  at: time,
  guardrail: guardrailSchema,
  evaluation: guardrailEvaluationSchema,
  steps: z.array(z.strictObject({ at: time, kind: z.enum(FIRING_STEPS), actor_name: z.string(), said: z.string() })),
};

/** Schema of {@link FiringResponse}. */
export const firingSchema: z.ZodType<FiringResponse> = z.strictObject(firingFields).meta({ id: "GuardrailFiring" });

/** Schema of a list of firings. */
export const firingsSchema: z.ZodType<{ readonly firings: readonly FiringResponse[] }> = z
  .strictObject({ firings: z.array(firingSchema) })
  .meta({ id: "GuardrailFirings" });

/** Schema of {@link IncidentResponse}. */
export const incidentSchema: z.ZodType<IncidentResponse> = z
  .strictObject({
    ...firingFields,
    timeline: z.array(z.strictObject({ at: time, what: z.string() })),
    reached: z
      .array(z.strictObject({ variant_id: id, subjects: count, decisions: count }))
      .nullable()
      .meta({ description: "Until the firing; null where the log took too long to read." }),
  })
  .meta({ id: "Incident" });

/** Schema of {@link RampResponse}. */
export const rampSchema: z.ZodType<RampResponse> = z
  .strictObject({
    experiment_id: id,
    steps: z.array(z.strictObject({ traffic_allocation: z.string(), hold_hours: z.number() })),
    held: z.boolean(),
    since: time.nullable().meta({ description: "When the step in force was taken by the plan." }),
    version,
    updated_at: time,
  })
  .meta({ id: "RampPlan" });

const rate = z.strictObject({
  share: z.number(),
  se: z.number(),
  median_hours: number,
  p90_hours: number,
  median_subjects: number,
  p90_subjects: number,
});

/** Schema of {@link RehearsalResponse}. */
export const rehearsalSchema: z.ZodType<RehearsalResponse> = z
  .strictObject({
    source: z.enum(["recorded", "assumed"]),
    recorded_subjects: count.nullable(),
    mean: z.number(),
    variance: z.number(),
    days: count,
    runs: count,
    seed: count,
    no_effect: rate.meta({ description: "The treatment does nothing: every firing is a false one." }),
    at_margin: rate.meta({ description: "The treatment is exactly as harmful as is accepted." }),
    true_harm: rate,
    naive: rate.meta({
      description: "The treatment does nothing, and a test that is made for one look is made at every look.",
    }),
  })
  .meta({ id: "Rehearsal" });
