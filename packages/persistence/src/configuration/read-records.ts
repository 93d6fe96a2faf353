import type { ConflictDomain, Experiment, Flag, Segment } from "@lotty/domain";
import type { Knex } from "knex";
import { textArray } from "../sql/array-literal.ts";
import { exactText } from "../sql/exact-text.ts";
import { microsOf } from "../sql/instant-sql.ts";
import {
  flagColumns,
  toDomains,
  toExperiments,
  toFlag,
  toSegment,
  type DomainRow,
  type ExperimentRow,
  type FlagRow,
  type MemberRow,
  type SegmentRow,
  type VariantRow,
} from "./configuration-rows.ts";

/** Which records of an environment are read. */
export interface RecordsToRead {
  readonly knex: Knex;
  readonly environmentId: string;
  /** Ids of the records; all there are when absent. Those that are not there are left out. */
  readonly ids?: readonly string[];
}

/** Reads flags, in the order of their ids. */
export async function readFlags(wanted: RecordsToRead): Promise<readonly Flag[]> {
  if (isNothing(wanted)) return [];
  const rows: FlagRow[] = await from("flags", wanted)
    .select(...flagColumns(wanted.knex))
    .orderBy("id");
  return rows.map(toFlag);
}

/** Reads experiments with their variants, in the order of their ids. */
export async function readExperiments(wanted: RecordsToRead): Promise<readonly Experiment[]> {
  if (isNothing(wanted)) return [];
  const rows: ExperimentRow[] = await from("experiments", wanted)
    .select("id", key(wanted), "flag_id", "status", "version", updatedAt(wanted))
    .select("targeting_rules", "traffic_allocation", "hash_version", "sticky_assignment", "rolled_back")
    .orderBy("id");
  const variants: VariantRow[] = await from("variants", wanted, "experiment_id")
    .select("id", "experiment_id", wanted.knex.raw(exactText("name")), "value", "weight", "is_control")
    .orderBy(["experiment_id", "position"]);
  return toExperiments(rows, variants);
}

/** Reads conflict domains with their members, in the order of their ids. */
export async function readDomains(wanted: RecordsToRead): Promise<readonly ConflictDomain[]> {
  if (isNothing(wanted)) return [];
  const rows: DomainRow[] = await from("conflict_domains", wanted).select("id", key(wanted)).orderBy("id");
  const members: MemberRow[] = await from("domain_members", wanted, "domain_id")
    .select("domain_id", "experiment_id", "priority")
    .orderBy(["domain_id", "experiment_id"]);
  return toDomains(rows, members);
}

/** Reads segments, in the order of their ids. */
export async function readSegments(wanted: RecordsToRead): Promise<readonly Segment[]> {
  if (isNothing(wanted)) return [];
  const rows: SegmentRow[] = await from("segments", wanted)
    .select("id", key(wanted), "rule", "version", updatedAt(wanted))
    .orderBy("id");
  return rows.map(toSegment);
}

function isNothing({ ids }: RecordsToRead): boolean {
  return ids?.length === 0;
}

function from(table: string, { environmentId, ids, knex }: RecordsToRead, column = "id") {
  const all = knex(table).where({ environment_id: environmentId });
  return ids === undefined ? all : all.whereRaw("?? = ANY (?::uuid[])", [column, textArray(ids)]);
}

function key({ knex }: RecordsToRead): Knex.Raw {
  return knex.raw(exactText("key"));
}

function updatedAt({ knex }: RecordsToRead): Knex.Raw {
  return knex.raw(`${microsOf("updated_at")} AS updated_at`);
}
