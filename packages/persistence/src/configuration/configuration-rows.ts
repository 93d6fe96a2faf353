import type {
  ConflictDomain,
  DomainMember,
  Experiment,
  ExperimentStatus,
  Flag,
  FlagRule,
  FlagValueType,
  HashVersion,
  Instant,
  JsonValue,
  Segment,
  Variant,
} from "@lotty/domain";
import type { Knex } from "knex";
import { exactText } from "../sql/exact-text.ts";
import { microsOf } from "../sql/instant-sql.ts";

/** A row of `environments` as it is read. */
export interface EnvironmentRow {
  readonly id: string;
  readonly revision: number;
}

/** A row of `flags` as it is read. */
export interface FlagRow {
  readonly id: string;
  readonly key: string;
  readonly value_type: FlagValueType;
  readonly default_value: JsonValue;
  readonly enabled: boolean;
  readonly rules: readonly FlagRule[];
  readonly version: number;
  readonly updated_at: Instant;
}

/** A row of `experiments` as it is read. */
export interface ExperimentRow {
  readonly id: string;
  readonly key: string;
  readonly flag_id: string;
  readonly status: ExperimentStatus;
  readonly version: number;
  readonly updated_at: Instant;
  readonly targeting_rules: string | null;
  readonly traffic_allocation: number;
  readonly hash_version: HashVersion;
  readonly sticky_assignment: boolean;
  readonly rolled_back: boolean;
}

/** A row of `variants` as it is read. */
export interface VariantRow {
  readonly id: string;
  readonly experiment_id: string;
  readonly name: string;
  readonly value: JsonValue;
  readonly weight: number;
  readonly is_control: boolean;
}

/** A row of `conflict_domains` as it is read. */
export interface DomainRow {
  readonly id: string;
  readonly key: string;
}

/** A row of `domain_members` as it is read. */
export interface MemberRow {
  readonly domain_id: string;
  readonly experiment_id: string;
  readonly priority: number;
}

/** A row of `segments` as it is read. */
export interface SegmentRow {
  readonly id: string;
  readonly key: string;
  readonly rule: string;
  readonly version: number;
  readonly updated_at: Instant;
}

/** The columns of a {@link FlagRow}. */
export function flagColumns(knex: Knex): readonly (string | Knex.Raw)[] {
  const updatedAt = knex.raw(`${microsOf("updated_at")} AS updated_at`);
  return ["id", knex.raw(exactText("key")), "value_type", "default_value", "enabled", "rules", "version", updatedAt];
}

/** Builds a flag from its row. */
export function toFlag(row: FlagRow): Flag {
  return {
    id: row.id,
    key: row.key,
    valueType: row.value_type,
    defaultValue: row.default_value,
    enabled: row.enabled,
    rules: row.rules.map(toFlagRule),
    version: row.version,
    updatedAt: row.updated_at,
  };
}

/** Builds a segment from its row. */
export function toSegment(row: SegmentRow): Segment {
  return { id: row.id, key: row.key, rule: row.rule, version: row.version, updatedAt: row.updated_at };
}

/** Builds experiments from their rows; variants keep the order in which they are given. */
export function toExperiments(rows: readonly ExperimentRow[], variantRows: readonly VariantRow[]): Experiment[] {
  const variants = Map.groupBy(variantRows, (row) => row.experiment_id);
  return rows.map((row) => ({
    id: row.id,
    key: row.key,
    flagId: row.flag_id,
    status: row.status,
    version: row.version,
    updatedAt: row.updated_at,
    targetingRules: row.targeting_rules,
    trafficAllocation: row.traffic_allocation,
    variants: (variants.get(row.id) ?? []).map(toVariant),
    hashVersion: row.hash_version,
    stickyAssignment: row.sticky_assignment,
    ...(row.rolled_back && { rolledBack: true }),
  }));
}

/** Builds conflict domains from their rows. */
export function toDomains(rows: readonly DomainRow[], memberRows: readonly MemberRow[]): ConflictDomain[] {
  const members = Map.groupBy(memberRows, (row) => row.domain_id);
  return rows.map((row) => ({ id: row.id, key: row.key, members: (members.get(row.id) ?? []).map(toMember) }));
}

/** Names its fields one by one: another version may have stored more of them. */
function toFlagRule({ id, targetingRules, value, rollout }: FlagRule): FlagRule {
  return { id, targetingRules, value, rollout };
}

function toVariant(row: VariantRow): Variant {
  return { id: row.id, name: row.name, value: row.value, weight: row.weight, isControl: row.is_control };
}

function toMember(row: MemberRow): DomainMember {
  return { experimentId: row.experiment_id, priority: row.priority };
}
