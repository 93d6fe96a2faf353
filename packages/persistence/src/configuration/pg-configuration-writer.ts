import { LottyError, type ConfigurationChange, type ConfigurationWriter } from "@lotty/domain";
import type { Knex } from "knex";
import { guarded } from "../database-error.ts";
import { CHANGE_CHANNEL, encodeNotice } from "../notices/change-channel.ts";
import type { EnvironmentRow } from "./configuration-rows.ts";
import { putDomains, removeDomains } from "./write-domains.ts";
import { putExperiments, removeExperiments } from "./write-experiments.ts";
import { putFlags, removeFlags } from "./write-flags.ts";
import { putSegments, removeSegments } from "./write-segments.ts";

/** Where and as which revision records are written. */
export interface WriteScope {
  readonly knex: Knex;
  readonly environmentId: string;
  /** The revision that this change makes. */
  readonly revision: number;
}

/** Writes the configuration to Postgres or PGlite. */
export class PgConfigurationWriter implements ConfigurationWriter {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  apply(environmentId: string, change: ConfigurationChange, expectedRevision: number): Promise<number> {
    return guarded(() =>
      this.#knex.transaction((knex) => writeRevision(knex, { environmentId, expectedRevision, change })),
    );
  }
}

/** What becomes a new revision of an environment. */
export interface RevisionToWrite {
  readonly environmentId: string;
  readonly expectedRevision: number;
  readonly change: ConfigurationChange;
  /** Writes what belongs to the same revision. Comes before the change; references are checked after both. */
  readonly alongside?: (scope: WriteScope) => Promise<void>;
}

/**
 * Writes a new revision in a transaction of the caller's, with its row in the change log and its notice.
 *
 * @returns the new revision
 * @throws LottyError `revision_conflict`, `database_rejected`; whatever the driver throws
 */
export async function writeRevision(knex: Knex, toWrite: RevisionToWrite): Promise<number> {
  const { alongside, change, environmentId, expectedRevision } = toWrite;
  await lockAtRevision(knex, environmentId, expectedRevision);
  const revision = expectedRevision + 1;
  const scope: WriteScope = { knex, environmentId, revision };
  await knex.raw("SET CONSTRAINTS ALL DEFERRED");
  await alongside?.(scope);
  await writeChange(scope, change);
  await knex.raw("SET CONSTRAINTS ALL IMMEDIATE");
  await knex("environments").where({ id: environmentId }).update({ revision });
  await knex("change_log").insert({
    environment_id: environmentId,
    revision,
    changes: JSON.stringify(summary(change)),
  });
  // Delivered at the commit, and not at all without one.
  await knex.raw("SELECT pg_notify(?, ?)", [CHANGE_CHANNEL, encodeNotice({ environmentId, revision })]);
  return revision;
}

/** Writers of one environment queue up here, so that the comparison holds until the commit. */
async function lockAtRevision(knex: Knex, environmentId: string, expectedRevision: number): Promise<void> {
  const row = await knex<EnvironmentRow>("environments").where({ id: environmentId }).first("revision").forUpdate();
  if (row === undefined) {
    throw new LottyError("database_rejected", "There is no such environment", { details: { environmentId } });
  }
  if (row.revision === expectedRevision) return;
  throw new LottyError("revision_conflict", "The configuration has changed meanwhile", {
    details: { environmentId, expectedRevision, currentRevision: row.revision },
  });
}

/**
 * The order lets one change replace things: what goes makes room first, but a flag goes last, because its experiments may
 * move to another. Names and references to flags are compared once everything is in place.
 */
async function writeChange(scope: WriteScope, change: ConfigurationChange): Promise<void> {
  await removeDomains(scope, change.removeDomainIds ?? []);
  await removeExperiments(scope, change.removeExperimentIds ?? []);
  await putFlags(scope, change.putFlags ?? []);
  await putExperiments(scope, change.putExperiments ?? []);
  await putDomains(scope, change.putDomains ?? []);
  await removeFlags(scope, change.removeFlagIds ?? []);
  await removeSegments(scope, change.removeSegmentIds ?? []);
  await putSegments(scope, change.putSegments ?? []);
}

function summary(change: ConfigurationChange): Record<string, readonly string[]> {
  const entries: readonly (readonly [string, readonly string[]])[] = [
    ["put_flags", (change.putFlags ?? []).map(({ id }) => id)],
    ["put_experiments", (change.putExperiments ?? []).map(({ id }) => id)],
    ["put_domains", (change.putDomains ?? []).map(({ id }) => id)],
    ["put_segments", (change.putSegments ?? []).map(({ id }) => id)],
    ["remove_flags", change.removeFlagIds ?? []],
    ["remove_experiments", change.removeExperimentIds ?? []],
    ["remove_domains", change.removeDomainIds ?? []],
    ["remove_segments", change.removeSegmentIds ?? []],
  ];
  return Object.fromEntries(entries.filter(([, ids]) => ids.length > 0));
}
