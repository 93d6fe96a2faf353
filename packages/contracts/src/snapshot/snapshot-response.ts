import {
  EXPERIMENT_STATUSES,
  FLAG_VALUE_TYPES,
  type ExperimentStatus,
  type FlagValueType,
  type JsonValue,
  type Rule,
} from "@lotty/domain";
import { z } from "zod";
import { anyJsonSchema } from "../openapi/any-json.ts";
import { ruleSchema } from "./rule-schema.ts";

/** The form of a snapshot. Grows when an engine that reads the form before would decide otherwise. */
export const SNAPSHOT_FORMAT = 2;

/** A rule of a flag. Percentages and weights are decimals with two places, as text. */
export interface SnapshotFlagRule {
  readonly id: string;
  readonly rule: string | null;
  readonly value: JsonValue;
  readonly rollout: string;
}

/** A flag. */
export interface SnapshotFlag {
  readonly id: string;
  readonly key: string;
  readonly type: FlagValueType;
  readonly default: JsonValue;
  readonly enabled: boolean;
  readonly rules: readonly SnapshotFlagRule[];
  readonly version: number;
  readonly updated_at: string;
}

/** A variant of an experiment, in stored order. */
export interface SnapshotVariant {
  readonly id: string;
  readonly name: string;
  readonly value: JsonValue;
  readonly weight: string;
  readonly is_control: boolean;
}

/** An experiment. */
export interface SnapshotExperiment {
  readonly id: string;
  readonly key: string;
  readonly flag_id: string;
  readonly status: ExperimentStatus;
  readonly version: number;
  readonly updated_at: string;
  readonly rule: string | null;
  readonly traffic_allocation: string;
  readonly variants: readonly SnapshotVariant[];
  readonly hash_version: 1;
  readonly sticky_assignment: boolean;
  readonly rolled_back: boolean;
}

/** A conflict domain. */
export interface SnapshotDomain {
  readonly id: string;
  readonly key: string;
  readonly members: readonly { readonly experiment_id: string; readonly priority: number }[];
}

/** A segment. */
export interface SnapshotSegment {
  readonly id: string;
  readonly key: string;
  readonly rule: string;
  readonly version: number;
  readonly updated_at: string;
}

/** What a rule text means, so that nobody needs a parser: a tree, `null` for a blank text, or why there is none. */
export type SnapshotRule =
  | { readonly text: string; readonly tree: Rule | null }
  | { readonly text: string; readonly fault: string };

/** Answer of `GET /v1/snapshot`: what an engine needs to decide as the server does. Times are RFC 3339 in UTC. */
export interface SnapshotResponse {
  readonly format: typeof SNAPSHOT_FORMAT;
  readonly environment_id: string;
  readonly revision: number;
  readonly flags: readonly SnapshotFlag[];
  /** Those that take subjects, and those whose recent subjects are still in cooldown. */
  readonly experiments: readonly SnapshotExperiment[];
  readonly domains: readonly SnapshotDomain[];
  readonly segments: readonly SnapshotSegment[];
  /** Every text that occurs above, once. */
  readonly rules: readonly SnapshotRule[];
}

const decimal = z.string().regex(/^\d{1,7}\.\d{2}$/);
const version = z.int().min(1);
const time = z.iso.datetime();

const flagSchema: z.ZodType<SnapshotFlag> = z.object({
  id: z.uuid(),
  key: z.string(),
  type: z.enum(FLAG_VALUE_TYPES),
  default: anyJsonSchema,
  enabled: z.boolean(),
  rules: z.array(z.object({ id: z.uuid(), rule: z.string().nullable(), value: anyJsonSchema, rollout: decimal })),
  version,
  updated_at: time,
});

const experimentSchema: z.ZodType<SnapshotExperiment> = z.object({
  id: z.uuid(),
  key: z.string(),
  flag_id: z.uuid(),
  status: z.enum(EXPERIMENT_STATUSES),
  version,
  updated_at: time,
  rule: z.string().nullable(),
  traffic_allocation: decimal,
  variants: z.array(
    z.object({ id: z.uuid(), name: z.string(), value: anyJsonSchema, weight: decimal, is_control: z.boolean() }),
  ),
  hash_version: z.literal(1),
  sticky_assignment: z.boolean(),
  rolled_back: z.boolean(),
});

/** Schema of {@link SnapshotResponse}. Reading lets fields through that engines may do without. */
export const snapshotSchema: z.ZodType<SnapshotResponse> = z
  .object({
    format: z.literal(SNAPSHOT_FORMAT),
    environment_id: z.uuid(),
    revision: z.int().min(0),
    flags: z.array(flagSchema),
    experiments: z.array(experimentSchema),
    domains: z.array(
      z.object({
        id: z.uuid(),
        key: z.string(),
        members: z.array(z.object({ experiment_id: z.uuid(), priority: z.int() })),
      }),
    ),
    segments: z.array(z.object({ id: z.uuid(), key: z.string(), rule: z.string(), version, updated_at: time })),
    rules: z.array(
      z.union([
        z.object({ text: z.string(), tree: ruleSchema.nullable() }),
        z.object({ text: z.string(), fault: z.string() }),
      ]),
    ),
  })
  .meta({ id: "Snapshot" });
