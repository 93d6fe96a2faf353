import type { Configuration, ConfigurationSource } from "@lotty/domain";
import type { Knex } from "knex";
import { guarded } from "../database-error.ts";
import { exactText } from "../sql/exact-text.ts";
import { microsOf } from "../sql/instant-sql.ts";
import {
  toDomains,
  toExperiments,
  toFlag,
  toSegment,
  type DomainRow,
  type EnvironmentRow,
  type ExperimentRow,
  type FlagRow,
  type MemberRow,
  type SegmentRow,
  type VariantRow,
} from "./configuration-rows.ts";

/** Reads the configuration from Postgres or PGlite: a fixed number of statements, however large it is. */
export class PgConfigurationSource implements ConfigurationSource {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  load(environmentId: string): Promise<Configuration> {
    return guarded(() =>
      // Repeatable read: all statements see the database as of the first.
      this.#knex.transaction((transaction) => readConfiguration(transaction, environmentId), {
        isolationLevel: "repeatable read",
        readOnly: true,
      }),
    );
  }

  revision(environmentId: string): Promise<number> {
    return guarded(() => readRevision(this.#knex, environmentId));
  }
}

async function readConfiguration(knex: Knex, environmentId: string): Promise<Configuration> {
  const updatedAt = knex.raw(`${microsOf("updated_at")} AS updated_at`);
  const key = knex.raw(exactText("key"));
  const inEnvironment = { environment_id: environmentId };
  const revision = await readRevision(knex, environmentId);
  const flags: FlagRow[] = await knex("flags")
    .where(inEnvironment)
    .select("id", key, "value_type", "default_value", "enabled", "rules", "version", updatedAt)
    .orderBy("id");
  const experiments: ExperimentRow[] = await knex("experiments")
    .where(inEnvironment)
    .select("id", key, "flag_id", "status", "version", updatedAt)
    .select("targeting_rules", "traffic_allocation", "hash_version", "sticky_assignment", "rolled_back")
    .orderBy("id");
  const variants: VariantRow[] = await knex("variants")
    .where(inEnvironment)
    .select("id", "experiment_id", knex.raw(exactText("name")), "value", "weight", "is_control")
    .orderBy(["experiment_id", "position"]);
  const domains: DomainRow[] = await knex("conflict_domains").where(inEnvironment).select("id", key).orderBy("id");
  const members: MemberRow[] = await knex("domain_members")
    .where(inEnvironment)
    .select("domain_id", "experiment_id", "priority")
    .orderBy(["domain_id", "experiment_id"]);
  const segments: SegmentRow[] = await knex("segments")
    .where(inEnvironment)
    .select("id", key, "rule", "version", updatedAt)
    .orderBy("id");
  return {
    environmentId,
    revision,
    flags: flags.map(toFlag),
    experiments: toExperiments(experiments, variants),
    domains: toDomains(domains, members),
    segments: segments.map(toSegment),
  };
}

async function readRevision(knex: Knex, environmentId: string): Promise<number> {
  const row = await knex<EnvironmentRow>("environments").where({ id: environmentId }).first("revision");
  return row?.revision ?? 0;
}
