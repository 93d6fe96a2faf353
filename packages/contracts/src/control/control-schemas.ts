import {
  AUDITED_KINDS,
  EXPERIMENT_OUTCOMES,
  EXPERIMENT_STATUSES,
  FLAG_VALUE_TYPES,
  REVIEW_VERDICTS,
} from "@lotty/domain";
import { z } from "zod";
import { anyJsonSchema } from "../openapi/any-json.ts";
import type {
  ApproverGroupResponse,
  AuditEntryResponse,
  ConflictDomainResponse,
  ExperimentResponse,
  ExperimentSummaryResponse,
  FindingResponse,
  FlagResponse,
  FlagVersionResponse,
  ReviewResponse,
  SegmentResponse,
} from "./control-records.ts";

const instantText = z.string().meta({ format: "date-time" });
const id = z.uuid();
const decimal = z.string().meta({ description: "A decimal with two places." });
const version = z.int().min(1);

const flagFields = {
  id,
  key: z.string(),
  type: z.enum(FLAG_VALUE_TYPES),
  default: anyJsonSchema,
  enabled: z.boolean(),
  rules: z.array(z.strictObject({ id, rule: z.string().nullable(), value: anyJsonSchema, rollout: decimal })),
  version,
  updated_at: instantText,
};

/** Schema of {@link FlagVersionResponse}. */
export const flagVersionSchema: z.ZodType<FlagVersionResponse> = z
  .strictObject(flagFields)
  .meta({ id: "FlagVersion", description: "What a flag decided by." });

/** Schema of {@link FlagResponse}. */
export const flagSchema: z.ZodType<FlagResponse> = z
  .strictObject({
    ...flagFields,
    description: z.string().nullable(),
    owner: z.string().nullable(),
    tags: z.array(z.string()),
    schema: anyJsonSchema,
    archived_at: instantText.nullable(),
  })
  .meta({ id: "Flag" });

const contentFields = {
  flag_id: id,
  rule: z.string().nullable(),
  traffic_allocation: decimal,
  variants: z.array(
    z.strictObject({ id, name: z.string(), value: anyJsonSchema, weight: decimal, is_control: z.boolean() }),
  ),
  sticky_assignment: z.boolean(),
};

const summaryFields = {
  id,
  key: z.string(),
  status: z.enum(EXPERIMENT_STATUSES),
  rolled_back: z.boolean().meta({
    description: "Whether those whom it would take get control's value; only while it is paused.",
  }),
  version,
  updated_at: instantText,
  ...contentFields,
};

/** Schema of {@link ExperimentSummaryResponse}. */
export const experimentSummarySchema: z.ZodType<ExperimentSummaryResponse> = z
  .strictObject(summaryFields)
  .meta({ id: "ExperimentSummary" });

/** Schema of {@link FindingResponse}. */
export const findingSchema: z.ZodType<FindingResponse> = z
  .strictObject({ code: z.string(), severity: z.enum(["blocks", "warns"]), message: z.string(), field: z.string() })
  .meta({ id: "LaunchFinding" });

/** Schema of {@link ExperimentResponse}. */
export const experimentSchema: z.ZodType<ExperimentResponse> = z
  .strictObject({
    ...summaryFields,
    hypothesis: z.string().nullable(),
    owner: z.string().nullable(),
    planned_days: z.int().nullable(),
    description: z.string().nullable(),
    authors: z.array(z.string()),
    submitted_by: z.string().nullable(),
    proposal: z
      .strictObject({ ...contentFields, proposed_by: z.string(), proposed_at: instantText })
      .nullable()
      .meta({ description: "An edit of an active experiment that waits for its approvals." }),
    started_at: instantText.nullable(),
    completed_at: instantText.nullable(),
    outcome: z
      .strictObject({ outcome: z.enum(EXPERIMENT_OUTCOMES), variant_id: id.nullable(), comment: z.string() })
      .nullable(),
    allowed: z.array(z.string()).meta({ description: "Actions that its status takes." }),
    warnings: z.array(findingSchema),
  })
  .meta({ id: "Experiment" });

/** Schema of {@link ReviewResponse}. */
export const reviewSchema: z.ZodType<ReviewResponse> = z
  .strictObject({
    id,
    reviewer_id: z.string(),
    reviewer_name: z.string(),
    verdict: z.enum(REVIEW_VERDICTS),
    comment: z.string().nullable(),
    version,
    at: instantText,
    withdrawn_at: instantText.nullable(),
  })
  .meta({ id: "Review" });

/** Schema of {@link ApproverGroupResponse}. */
export const approverGroupSchema: z.ZodType<ApproverGroupResponse> = z
  .strictObject({
    id,
    name: z.string(),
    experimenters: z.array(z.string()),
    approvers: z.array(z.string()),
    minimum: z.int().min(1),
  })
  .meta({ id: "ApproverGroup" });

/** Schema of {@link SegmentResponse}. */
export const segmentSchema: z.ZodType<SegmentResponse> = z
  .strictObject({ id, key: z.string(), rule: z.string(), version, updated_at: instantText })
  .meta({ id: "Segment" });

/** Schema of {@link ConflictDomainResponse}. */
export const conflictDomainSchema: z.ZodType<ConflictDomainResponse> = z
  .strictObject({
    id,
    key: z.string(),
    members: z.array(z.strictObject({ experiment_id: id, priority: z.int() })),
  })
  .meta({ id: "ConflictDomain" });

/** Schema of {@link AuditEntryResponse}. */
export const auditEntrySchema: z.ZodType<AuditEntryResponse> = z
  .strictObject({
    sequence: z.int().min(1),
    id,
    at: instantText,
    actor_id: z.string(),
    actor_name: z.string(),
    actor_kind: z.enum(["user", "key", "system"]),
    from: z.string().nullable(),
    action: z.string(),
    entity_kind: z.enum(AUDITED_KINDS),
    entity_id: z.string(),
    entity_key: z.string(),
    environment_id: z.string().nullable(),
    before: anyJsonSchema,
    after: anyJsonSchema,
    previous_hash: z.string(),
    hash: z.string(),
  })
  .meta({ id: "AuditEntry" });
