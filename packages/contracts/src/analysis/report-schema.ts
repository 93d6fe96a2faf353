import {
  type EffectInterval,
  type EffectStatus,
  type LiftEstimate,
  INTERVENTION_KINDS,
  LOSS_CAUSES,
  TRUST_CHECKS,
  VERDICTS,
  WITHHELD_REASONS,
} from "@lotty/domain";
import { z } from "zod";
import { deviationSchema, planContentSchema } from "./plan-response.ts";
import type {
  BeliefResponse,
  EffectResponse,
  MetricResultResponse,
  ReportResponse,
  SegmentResultResponse,
} from "./report-response.ts";

const number = z.number();
const count = z.int().min(0);
const share = z.number().min(0).max(1);
const instantText = z.string().meta({ format: "date-time" });
const day = z.string().meta({ format: "date" });

const interval: z.ZodType<EffectInterval> = z
  .strictObject({ low: number.nullable(), high: number.nullable() })
  .meta({ id: "EffectInterval", description: "Bounds; `null` where there is none on that side." });

const lift: z.ZodType<LiftEstimate> = z
  .strictObject({
    status: z.enum(["ok", "unbounded", "undefined"]),
    value: number.nullable(),
    interval: interval.nullable(),
  })
  .meta({ id: "Lift", description: "The effect as a share of the absolute value of the control's mean, by Fieller." });

const status: z.ZodType<EffectStatus> = z.enum([
  "ok",
  "no_data",
  "zero_denominator",
  "insufficient_data",
  "zero_variance",
  ...WITHHELD_REASONS,
]);

const effect: z.ZodType<EffectResponse> = z
  .strictObject({
    status,
    diff: number.nullable(),
    se: number.nullable(),
    interval: interval.nullable(),
    lift: lift.nullable(),
    p: share
      .nullable()
      .meta({ description: "By the plan's rule of looking: at most alpha exactly when the interval excludes 0." }),
    log10_p: number.nullable(),
    fixed_p: share.nullable().meta({ description: "As if this were the only look; for comparison." }),
    corrected_p: share.nullable(),
    significant: z.boolean(),
    better: z.boolean().nullable(),
    variance_reduction: number.nullable(),
    power: share.nullable(),
    minimum_detectable: number.nullable(),
    small_counts: z
      .strictObject({ newcombe: z.strictObject({ low: number, high: number }), fisher_p: share })
      .nullable(),
    guardrail: z
      .strictObject({
        margin: number,
        verdict: z.enum(["holds", "broken", "open"]),
        bound: number.nullable(),
        distance: number.nullable(),
      })
      .nullable(),
    drifted: z.boolean(),
    looks: z.array(
      z.strictObject({
        day,
        n: count,
        fraction: share.nullable(),
        diff: number,
        lift: number.nullable(),
        interval: interval.nullable(),
        lift_interval: interval.nullable(),
        z: number,
        boundary: number.nullable(),
      }),
    ),
  })
  .meta({ id: "VariantEffect" });

const belief: z.ZodType<BeliefResponse> = z
  .strictObject({
    best: share.meta({ description: "Probability that it is the best of all variants, control among them." }),
    expected_loss: number
      .min(0)
      .meta({ description: "Lift that is lost on average by choosing it instead of the best." }),
    beats_control: share.nullable(),
    lift: number.nullable(),
    interval: interval.nullable().meta({ description: "Credible interval of the lift, of probability 1 - alpha." }),
    negligible: share
      .nullable()
      .meta({ description: "Probability that the lift is within the metric's `practical_threshold`." }),
  })
  .meta({ id: "VariantBelief", description: "Under the prior that was asked for. Nothing is decided by it." });

const segments: z.ZodType<SegmentResultResponse> = z
  .strictObject({
    name: z.string(),
    variant_id: z.uuid(),
    segments: z.array(
      z.strictObject({
        segment: z.string(),
        n_control: count,
        n_treatment: count,
        status,
        diff: number.nullable(),
        interval: interval.nullable(),
        lift: lift.nullable(),
        shrunk: number.nullable(),
      }),
    ),
    q: number.nullable(),
    df: count.nullable(),
    p: share.nullable(),
    corrected_p: share.nullable(),
    i2: share.nullable(),
    simpson: z.boolean().nullable(),
    poststratified: z.strictObject({ diff: number, interval }).nullable(),
  })
  .meta({ id: "SegmentResult" });

const metric: z.ZodType<MetricResultResponse> = z
  .strictObject({
    metric: z.strictObject({
      id: z.string(),
      key: z.string(),
      name: z.string(),
      version: z.int(),
      kind: z.string(),
      higher_is_better: z.boolean(),
    }),
    role: z.enum(["primary", "secondary", "guardrail"]),
    through: day.nullable().meta({ description: "The last day of exposure that the numbers take in." }),
    fraction: share.nullable(),
    limitation: z.string().exactOptional().meta({ description: "What the metric cannot have, and why." }),
    variants: z.array(
      z.strictObject({
        variant_id: z.uuid(),
        n: count,
        value: number.nullable(),
        effect: effect.nullable(),
        belief: belief.exactOptional(),
      }),
    ),
    segments: z.array(segments),
  })
  .meta({ id: "MetricResult" });

/** Schema of {@link ReportResponse}. */
export const reportSchema: z.ZodType<ReportResponse> = z
  .strictObject({
    experiment_id: z.uuid(),
    experiment: z.string(),
    status: z.string(),
    at: instantText,
    watermark: instantText.nullable().meta({ description: "Events received before it are in." }),
    exploratory: z.boolean(),
    prior_sd: number.exactOptional(),
    plan: planContentSchema.nullable(),
    plan_hash: z.string().nullable(),
    deviations: z.array(deviationSchema),
    interventions: z
      .array(z.strictObject({ at: instantText, kind: z.enum(INTERVENTION_KINDS), said: z.string() }))
      .meta({ description: "What was done to the experiment since its first start, oldest first." }),
    variants: z.array(z.strictObject({ id: z.uuid(), name: z.string(), is_control: z.boolean(), share })),
    verdict: z.strictObject({
      verdict: z.enum(VERDICTS),
      sentence: z.string(),
      reasons: z.array(z.string()),
      would_change: z.string().nullable(),
      variant_id: z.uuid().nullable(),
      days_left: count.nullable(),
    }),
    trust: z.array(
      z.strictObject({
        check: z.enum(TRUST_CHECKS),
        light: z.enum(["green", "amber", "red", "unknown"]),
        message: z.string(),
        facts: z.record(z.string(), number.nullable()),
      }),
    ),
    funnel: z.array(
      z.strictObject({ variant_id: z.uuid(), decided: count, exposed: count, attributed: count, counted: count }),
    ),
    losses: z.array(z.strictObject({ variant_id: z.uuid(), cause: z.enum(LOSS_CAUSES), subjects: count })),
    metrics: z.array(metric),
  })
  .meta({ id: "ExperimentResults" });
