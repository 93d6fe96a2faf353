import type { DecisionReason, JsonValue } from "@lotty/domain";
import { DECISION_REASONS } from "@lotty/domain";
import { z } from "zod";
import { anyJsonSchema } from "../openapi/any-json.ts";
import type {
  ApproverGroupResponse,
  AuditEntryResponse,
  ConflictDomainResponse,
  ExperimentSummaryResponse,
  FindingResponse,
  FlagResponse,
  FlagVersionResponse,
  SegmentResponse,
} from "./control-records.ts";
import {
  approverGroupSchema,
  auditEntrySchema,
  conflictDomainSchema,
  experimentSummarySchema,
  findingSchema,
  flagSchema,
  flagVersionSchema,
  segmentSchema,
} from "./control-schemas.ts";

const nextCursor = z.string().nullable().meta({ description: "`cursor` of the next page; `null` after the last." });
const count = z.int().min(0);
const share = z.number().min(0).max(1);
const id = z.uuid();
const instantText = z.string().meta({ format: "date-time" });

/** Schema of a page of flags. */
export const flagsSchema: z.ZodType<{ readonly flags: readonly FlagResponse[]; readonly next_cursor: string | null }> =
  z.strictObject({ flags: z.array(flagSchema), next_cursor: nextCursor }).meta({ id: "Flags" });

/** Schema of a page of a flag's versions. */
export const flagVersionsSchema: z.ZodType<{
  readonly versions: readonly FlagVersionResponse[];
  readonly next_cursor: string | null;
}> = z.strictObject({ versions: z.array(flagVersionSchema), next_cursor: nextCursor }).meta({ id: "FlagVersions" });

/** A field that differs between two versions of a flag. */
export interface FlagDifferenceResponse {
  readonly field: string;
  readonly before: JsonValue;
  readonly after: JsonValue;
}

/** Schema of what differs between two versions of a flag. */
export const flagDiffSchema: z.ZodType<{ readonly differences: readonly FlagDifferenceResponse[] }> = z
  .strictObject({
    differences: z.array(z.strictObject({ field: z.string(), before: anyJsonSchema, after: anyJsonSchema })),
  })
  .meta({ id: "FlagDiff" });

/** A flag that nobody seems to need any more. */
export interface StaleFlagResponse {
  readonly flag_id: string;
  readonly key: string;
  readonly reason: "not_decided" | "one_value";
  readonly last_decided_at: string | null;
}

/** Schema of a list of stale flags. */
export const staleFlagsSchema: z.ZodType<{ readonly flags: readonly StaleFlagResponse[] }> = z
  .strictObject({
    flags: z.array(
      z.strictObject({
        flag_id: id,
        key: z.string(),
        reason: z.enum(["not_decided", "one_value"]),
        last_decided_at: instantText.nullable(),
      }),
    ),
  })
  .meta({ id: "StaleFlags" });

/** Schema of a page of experiments. */
export const experimentsSchema: z.ZodType<{
  readonly experiments: readonly ExperimentSummaryResponse[];
  readonly next_cursor: string | null;
}> = z
  .strictObject({ experiments: z.array(experimentSummarySchema), next_cursor: nextCursor })
  .meta({ id: "Experiments" });

/** What the launch gate says. */
export interface LaunchGateResponse {
  /** Whether nothing blocks. */
  readonly open: boolean;
  readonly findings: readonly FindingResponse[];
}

/** Schema of {@link LaunchGateResponse}. */
export const launchGateSchema: z.ZodType<LaunchGateResponse> = z
  .strictObject({ open: z.boolean(), findings: z.array(findingSchema) })
  .meta({ id: "LaunchGate" });

/** Where a review stands. */
export interface ReviewStateResponse {
  readonly satisfied: boolean;
  readonly needs: readonly {
    readonly group: { readonly id: string; readonly name: string } | null;
    readonly minimum: number;
    readonly approvals: number;
    readonly missing: number;
    readonly may_approve: readonly string[] | null;
  }[];
  readonly approved_by: readonly string[];
}

const needSchema = z.strictObject({
  group: z.strictObject({ id, name: z.string() }).nullable(),
  minimum: count,
  approvals: count,
  missing: count,
  may_approve: z.array(z.string()).nullable().meta({ description: "`null`: everyone who may review but the authors." }),
});

/** Schema of {@link ReviewStateResponse}. */
export const reviewStateSchema: z.ZodType<ReviewStateResponse> = z
  .strictObject({ satisfied: z.boolean(), needs: z.array(needSchema), approved_by: z.array(z.string()) })
  .meta({ id: "ReviewState" });

/** What a subject gets, and why. */
export interface LandingResponse {
  readonly reason: DecisionReason;
  readonly variant_id: string | null;
  readonly variant_name: string | null;
  readonly value: JsonValue;
}

/** Who would move if an experiment were edited. */
export interface PreviewResponse {
  readonly subjects: number;
  readonly moved: number;
  readonly cells: readonly {
    readonly from: LandingResponse;
    readonly to: LandingResponse;
    readonly moves: boolean;
    readonly subjects: number;
    readonly samples: readonly string[];
  }[];
}

const landing = z.strictObject({
  reason: z.enum(DECISION_REASONS),
  variant_id: id.nullable(),
  variant_name: z.string().nullable(),
  value: anyJsonSchema,
});

/** Schema of {@link PreviewResponse}. */
export const previewSchema: z.ZodType<PreviewResponse> = z
  .strictObject({
    subjects: count,
    moved: count,
    cells: z.array(
      z.strictObject({ from: landing, to: landing, moves: z.boolean(), subjects: count, samples: z.array(z.string()) }),
    ),
  })
  .meta({ id: "EditPreview" });

/** Schema of a list of approver groups. */
export const approverGroupsSchema: z.ZodType<{ readonly approver_groups: readonly ApproverGroupResponse[] }> = z
  .strictObject({ approver_groups: z.array(approverGroupSchema) })
  .meta({ id: "ApproverGroups" });

/** Schema of a list of segments. */
export const segmentsSchema: z.ZodType<{ readonly segments: readonly SegmentResponse[] }> = z
  .strictObject({ segments: z.array(segmentSchema) })
  .meta({ id: "Segments" });

/** Schema of a list of conflict domains. */
export const conflictDomainsSchema: z.ZodType<{ readonly domains: readonly ConflictDomainResponse[] }> = z
  .strictObject({ domains: z.array(conflictDomainSchema) })
  .meta({ id: "ConflictDomains" });

/** Who shares subjects with whom in a domain, and who loses them to whom. */
export interface OverlapResponse {
  readonly pairs: readonly {
    readonly experiment_ids: readonly [string, string];
    readonly subjects: number;
    readonly shares: readonly [number, number];
  }[];
  readonly costs: readonly {
    readonly experiment_id: string;
    readonly lost: number;
    readonly share: number;
    readonly to: readonly { readonly experiment_id: string; readonly subjects: number }[];
  }[];
}

/** Schema of {@link OverlapResponse}. */
export const overlapSchema: z.ZodType<OverlapResponse> = z
  .strictObject({
    pairs: z.array(
      z.strictObject({ experiment_ids: z.tuple([id, id]), subjects: count, shares: z.tuple([share, share]) }),
    ),
    costs: z.array(
      z.strictObject({
        experiment_id: id,
        lost: count,
        share,
        to: z.array(z.strictObject({ experiment_id: id, subjects: count })),
      }),
    ),
  })
  .meta({ id: "Overlap" });

/** Schema of a page of the audit record. */
export const auditPageSchema: z.ZodType<{
  readonly entries: readonly AuditEntryResponse[];
  readonly next_cursor: string | null;
}> = z.strictObject({ entries: z.array(auditEntrySchema), next_cursor: nextCursor }).meta({ id: "AuditPage" });

/** What became of checking the chain. */
export type ChainVerdictResponse =
  | { readonly ok: true; readonly entries: number; readonly head: { readonly sequence: number; readonly hash: string } }
  | {
      readonly ok: false;
      readonly kind: "altered" | "removed" | "inserted";
      readonly sequence: number;
      readonly entry_id: string | null;
      readonly entries: number;
    };

/** Schema of {@link ChainVerdictResponse}. */
export const chainVerdictSchema: z.ZodType<ChainVerdictResponse> = z
  .discriminatedUnion("ok", [
    z.strictObject({
      ok: z.literal(true),
      entries: count,
      head: z.strictObject({ sequence: count, hash: z.string() }),
    }),
    z.strictObject({
      ok: z.literal(false),
      kind: z.enum(["altered", "removed", "inserted"]),
      sequence: count,
      entry_id: z.string().nullable(),
      entries: count,
    }),
  ])
  .meta({ id: "ChainVerdict" });
