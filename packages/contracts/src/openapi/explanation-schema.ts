import { DECISION_REASONS, EXPERIMENT_STATUSES } from "@lotty/domain";
import { z } from "zod";
import { explainSchema, type ExplainRequest } from "../explain-request.ts";
import type {
  BlockingAssignmentResponse,
  ClauseResponse,
  DomainResponse,
  ExplanationResponse,
  FlagRuleResponse,
  GateResponse,
} from "../explanation-response.ts";
import { ruleLiteralSchema } from "../snapshot/rule-schema.ts";
import { anyJsonSchema } from "./any-json.ts";

/** Schema of the body of `POST /v1/explain`. */
export const explainRequestSchema: z.ZodType<ExplainRequest> = explainSchema.meta({ id: "ExplainRequest" });

const status = z.enum(EXPERIMENT_STATUSES);
const time = z.iso.datetime();
const bucket = z.int().min(0).max(9_999);
const threshold = z.int().min(0).max(10_000).meta({ description: "Buckets below it are taken." });
const decimal = z.string().meta({ description: "A decimal with two places." });

const clauseSchema: z.ZodType<ClauseResponse> = z
  .strictObject({
    text: z.string().meta({ description: "The clause in rule language." }),
    path: z.array(z.string()),
    operator: z.string(),
    literals: z.array(ruleLiteralSchema),
    actual: anyJsonSchema.optional().meta({ description: "Absent when the subject does not have the attribute." }),
    result: z.enum(["true", "false", "error", "skipped"]),
    inside: z.array(z.lazy(() => clauseSchema)).optional(),
  })
  .meta({ id: "Clause" });

const blockingSchema: z.ZodType<BlockingAssignmentResponse> = z
  .strictObject({
    experiment_id: z.uuid(),
    experiment_key: z.string(),
    status,
    last_decided_at: time,
    free_at: time.optional().meta({ description: "Absent when only the end of the experiment frees the subject." }),
  })
  .meta({ id: "BlockingAssignment" });

const domainSchema: z.ZodType<DomainResponse> = z
  .strictObject({
    domain_id: z.uuid(),
    domain_key: z.string(),
    passed: z.boolean(),
    holder: z
      .strictObject({ experiment_id: z.uuid(), variant_id: z.uuid(), first_decided_at: time, last_decided_at: time })
      .optional(),
    candidates: z.array(
      z.strictObject({
        experiment_id: z.uuid(),
        experiment_key: z.string(),
        status,
        priority: z.int(),
        eligible: z.boolean(),
        tie_bucket: bucket.optional(),
      }),
    ),
    winner_experiment_id: z.uuid().optional(),
    won_by: z.enum(["holder", "only_candidate", "priority", "tie_bucket", "experiment_id"]).optional(),
  })
  .meta({ id: "DomainTrace" });

const outcome = {
  verdict: z.enum(["passed", "failed", "not_reached"]),
  change: z.string().optional().meta({ description: "What would have to be otherwise for another verdict." }),
};

const gateSchema: z.ZodType<GateResponse> = z
  .discriminatedUnion("gate", [
    z.strictObject({ ...outcome, gate: z.literal("flag"), flag_key: z.string(), enabled: z.boolean().optional() }),
    z.strictObject({
      ...outcome,
      gate: z.literal("experiment"),
      experiment_id: z.uuid().optional(),
      experiment_key: z.string().optional(),
      status: status.optional(),
      gives_control: z.boolean().optional().meta({
        description: "Of an experiment that is rolled back: whether the subject gets its control's value.",
      }),
    }),
    z.strictObject({
      ...outcome,
      gate: z.literal("targeting"),
      rule: z.string().nullable().optional(),
      clauses: z.array(clauseSchema).optional(),
      fault: z.string().optional(),
    }),
    z.strictObject({
      ...outcome,
      gate: z.literal("participation"),
      limit: z.int(),
      cooldown_days: z.int(),
      concurrent: z.array(blockingSchema).optional(),
      cooling: z.array(blockingSchema).optional(),
    }),
    z.strictObject({ ...outcome, gate: z.literal("conflict_domains"), domains: z.array(domainSchema).optional() }),
    z.strictObject({
      ...outcome,
      gate: z.literal("allocation"),
      bucket: bucket.optional(),
      threshold: threshold.optional(),
      traffic_allocation: decimal.optional(),
    }),
    z.strictObject({ ...outcome, gate: z.literal("variants"), count: z.int().optional() }),
    z.strictObject({
      ...outcome,
      gate: z.literal("variant"),
      bucket: bucket.optional(),
      total_weight: decimal.optional(),
      ranges: z
        .array(z.strictObject({ variant_id: z.uuid(), name: z.string(), weight: decimal, up_to: decimal }))
        .optional(),
      variant_id: z.uuid().optional(),
      variant_name: z.string().optional(),
      chosen_by: z.enum(["range", "only_variant", "fallback", "sticky_assignment"]).optional(),
    }),
  ])
  .meta({ id: "Gate" });

const flagRuleSchema: z.ZodType<FlagRuleResponse> = z
  .strictObject({
    rule_id: z.uuid(),
    verdict: z.enum(["gave_value", "not_meant", "outside_rollout", "faulty", "not_reached"]),
    value: anyJsonSchema,
    rollout: decimal,
    rule: z.string().nullable(),
    clauses: z.array(clauseSchema).optional(),
    fault: z.string().optional(),
    bucket: bucket.optional(),
    threshold,
  })
  .meta({ id: "FlagRuleTrace" });

/** Schema of {@link ExplanationResponse}. */
export const explanationSchema: z.ZodType<ExplanationResponse> = z
  .strictObject({
    flag: z.string(),
    subject_id: z.string(),
    revision: z.int().min(0),
    at: time,
    reason: z.enum(DECISION_REASONS),
    value: anyJsonSchema,
    experiment_id: z.uuid().nullable(),
    variant_id: z.uuid().nullable(),
    kept: z.boolean().meta({ description: "Whether the subject keeps the variant of an earlier assignment." }),
    rule_id: z.uuid().optional(),
    gates: z.array(gateSchema).meta({ description: "In the order in which they are asked." }),
    flag_rules: z.array(flagRuleSchema).optional(),
  })
  .meta({ id: "Explanation" });
