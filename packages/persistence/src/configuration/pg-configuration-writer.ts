import type { ConfigurationChange, ConfigurationWriter } from "@lotty/domain";
import type { Knex } from "knex";
import { guarded } from "../database-error.ts";
import { endRevision } from "./end-revision.ts";
import { lockRevisions } from "./lock-revisions.ts";
import { spreadFlags } from "./spread-flags.ts";
import { putDomains, removeDomains } from "./write-domains.ts";
import { putExperiments, removeExperiments } from "./write-experiments.ts";
import { putFlagIdentities, putFlags, removeFlagIdentities, removeFlags } from "./write-flags.ts";
import { putSegments, removeSegments } from "./write-segments.ts";
import type { WriteScope } from "./write-scope.ts";

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
  /** Revisions of other environments that it rests on. */
  readonly alsoFrom?: ReadonlyMap<string, number>;
  /** Ids of flags of which something is said in the same revision. */
  readonly saidFlagIds?: readonly string[];
  /** Writes what belongs to the same revision. Comes before the change; references are checked after both. */
  readonly alongside?: (scope: WriteScope) => Promise<void>;
}

/**
 * Writes a new revision in a transaction of the caller's, with its row in the change log and its notice. What concerns flags in
 * all environments becomes a new revision of each of them.
 *
 * @returns the new revision
 * @throws LottyError `revision_conflict`, `database_rejected`, `invalid_definition`; whatever the driver throws
 */
export async function writeRevision(knex: Knex, toWrite: RevisionToWrite): Promise<number> {
  const { alongside, alsoFrom, change, environmentId, expectedRevision, saidFlagIds = [] } = toWrite;
  const { putFlags: flags = [], removeFlagIds = [] } = change;
  const spreads = flags.length > 0 || removeFlagIds.length > 0;
  const expected = new Map(alsoFrom).set(environmentId, expectedRevision);
  const revisions = await lockRevisions(knex, { expected, all: spreads });
  const revision = expectedRevision + 1;
  const scope: WriteScope = { knex, environmentId, revision };
  await knex.raw("SET CONSTRAINTS ALL DEFERRED");
  await putFlagIdentities(scope, flags);
  await alongside?.(scope);
  await writeChange(scope, change);
  if (spreads) await spreadFlags(scope, { flags, removeFlagIds, saidFlagIds: new Set(saidFlagIds), revisions });
  await removeFlagIdentities(scope, removeFlagIds);
  await knex.raw("SET CONSTRAINTS ALL IMMEDIATE");
  await endRevision(scope, change);
  return revision;
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
