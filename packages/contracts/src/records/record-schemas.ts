import { REPLAY_GATES } from "@lotty/decisions";
import { DECISION_REASONS, EXPERIMENT_STATUSES } from "@lotty/domain";
import { z } from "zod";
import type {
  ErasureResponse,
  RecordResponse,
  RecordsResponse,
  ReplayResponse,
  SubjectResponse,
} from "./present-records.ts";

const instantText = z.string().meta({ format: "date-time" });
const id = z.uuid();
const count = z.int().min(0);
const version = z.int().nullable();

/** Schema of {@link RecordResponse}. */
export const recordSchema: z.ZodType<RecordResponse> = z
  .strictObject({
    decision_id: id,
    decided_at: instantText,
    subject_id: z.string(),
    flag: z.string(),
    reason: z.enum(DECISION_REASONS),
    value: z.string().meta({ description: "The value as text." }),
    experiment_id: id.nullable(),
    variant_id: id.nullable(),
    rule_id: id.nullable(),
    flag_version: version,
    experiment_version: version,
    hash_version: z.int(),
    attributes_digest: z.string().nullable(),
  })
  .meta({ id: "DecisionRecord" });

/** Schema of {@link RecordsResponse}. */
export const recordsSchema: z.ZodType<RecordsResponse> = z
  .strictObject({
    decisions: z.array(recordSchema),
    next_cursor: z.string().nullable().meta({ description: "`cursor` of the next page; `null` after the last." }),
  })
  .meta({ id: "DecisionRecords" });

/** Schema of {@link ErasureResponse}. */
export const erasureSchema: z.ZodType<ErasureResponse> = z
  .strictObject({
    erasure_id: id,
    erased_at: instantText,
    erased_by: z.string(),
    decisions: count,
    assignments: count,
    events: count
      .nullable()
      .meta({ description: "Events that were made anonymous; null of an erasure that came before they were counted." }),
  })
  .meta({ id: "Erasure" });

const blockingSchema = z.strictObject({
  experiment_id: id,
  experiment_key: z.string(),
  status: z.enum(EXPERIMENT_STATUSES),
  last_decided_at: instantText,
  free_at: instantText.exactOptional(),
});

const assignmentSchema = z.strictObject({
  experiment_id: id,
  experiment_key: z.string().nullable(),
  flag: z.string().nullable(),
  status: z.enum(EXPERIMENT_STATUSES).nullable(),
  variant_id: id,
  variant_name: z.string().nullable(),
  first_decided_at: instantText,
  last_decided_at: instantText,
});

/** Schema of {@link SubjectResponse}. */
export const subjectSchema: z.ZodType<SubjectResponse> = z
  .strictObject({
    subject_id: z.string(),
    at: instantText,
    assignments: z.array(assignmentSchema),
    participation: z.strictObject({ limit: count, taken: z.array(blockingSchema) }),
    cooldown: z.strictObject({ days: count, free_at: instantText.nullable(), cooling: z.array(blockingSchema) }),
    domains: z.array(z.strictObject({ domain_id: id, domain_key: z.string(), holder: blockingSchema })),
    last_decisions: z.array(recordSchema),
    erasures: z.array(erasureSchema),
  })
  .meta({ id: "Subject" });

const sideSchema = z.strictObject({
  reason: z.enum(DECISION_REASONS),
  value: z.string(),
  experiment_id: id.nullable(),
  variant_id: id.nullable(),
  rule_id: id.nullable(),
  flag_version: version,
  experiment_version: version,
});

const gateSchema = z.enum(REPLAY_GATES);

/** Schema of {@link ReplayResponse}. */
export const replaySchema: z.ZodType<ReplayResponse> = z
  .discriminatedUnion("status", [
    z.strictObject({
      decision_id: id,
      status: z.literal("identical"),
      revision: count,
      basis: z.enum(["computed", "kept"]),
    }),
    z.strictObject({
      decision_id: id,
      status: z.literal("differs"),
      gate: gateSchema,
      revision: count,
      recorded: sideSchema,
      replayed: sideSchema,
    }),
    z.strictObject({
      decision_id: id,
      status: z.literal("not_checkable"),
      missing: z.enum(["subject", "attributes", "configuration"]),
      checked: z.array(gateSchema),
    }),
  ])
  .meta({ id: "Replay" });
