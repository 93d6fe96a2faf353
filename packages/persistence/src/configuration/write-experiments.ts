import { isActive, LottyError, type Experiment } from "@lotty/domain";
import { plainArray, textArray } from "../sql/array-literal.ts";
import { instantOf } from "../sql/instant-sql.ts";
import type { WriteScope } from "./write-scope.ts";
import { refuseForeignRecords } from "./refuse-foreign-records.ts";

const PUT = `
INSERT INTO experiments AS held (
  id, environment_id, key, flag_id, status, version, updated_at, targeting_rules, traffic_allocation, hash_version,
  sticky_assignment, rolled_back
)
SELECT given.id, CAST(:environment AS uuid), given.key, given.flag_id, given.status, given.version,
  ${instantOf("given.updated_at")}, given.targeting_rules::json, given.traffic_allocation, given.hash_version,
  given.sticky_assignment, given.rolled_back
FROM unnest(
  CAST(:ids AS uuid[]), CAST(:keys AS text[]), CAST(:flags AS uuid[]), CAST(:statuses AS text[]), CAST(:versions AS integer[]), CAST(:times AS bigint[]), CAST(:rules AS text[]),
  CAST(:allocations AS integer[]), CAST(:hashes AS smallint[]), CAST(:sticky AS boolean[]),
  CAST(:rolled AS boolean[])
) AS given (
  id, key, flag_id, status, version, updated_at, targeting_rules, traffic_allocation, hash_version, sticky_assignment,
  rolled_back
)
ON CONFLICT (id) DO UPDATE SET
  key = excluded.key, flag_id = excluded.flag_id, status = excluded.status, version = excluded.version,
  updated_at = excluded.updated_at, targeting_rules = excluded.targeting_rules,
  traffic_allocation = excluded.traffic_allocation, hash_version = excluded.hash_version,
  sticky_assignment = excluded.sticky_assignment, rolled_back = excluded.rolled_back
WHERE held.environment_id = excluded.environment_id`;

const PUT_VARIANTS = `
INSERT INTO variants (id, environment_id, experiment_id, position, name, value, weight, is_control)
SELECT given.id, CAST(:environment AS uuid), given.experiment_id, given.position, given.name, given.value::json, given.weight,
  given.is_control
FROM unnest(
  CAST(:ids AS uuid[]), CAST(:experiments AS uuid[]), CAST(:positions AS integer[]), CAST(:names AS text[]), CAST(:values AS text[]), CAST(:weights AS bigint[]),
  CAST(:controls AS boolean[])
) AS given (id, experiment_id, position, name, value, weight, is_control)`;

const KEEP_VERSIONS = `
INSERT INTO experiment_versions (environment_id, experiment_id, revision, version, definition)
SELECT CAST(:environment AS uuid), given.id, CAST(:revision AS bigint), given.version, given.definition::json
FROM unnest(CAST(:ids AS uuid[]), CAST(:versions AS integer[]), CAST(:definitions AS text[])) AS given (id, version, definition)`;

const IN_USE = `
SELECT DISTINCT experiment_id FROM assignments
WHERE environment_id = CAST(:environment AS uuid) AND experiment_id = ANY (CAST(:ids AS uuid[]))`;

/** Inserts or replaces experiments with all their variants and keeps them as versions. */
export async function putExperiments(scope: WriteScope, experiments: readonly Experiment[]): Promise<void> {
  if (experiments.length === 0) return;
  const { knex, environmentId, revision } = scope;
  // A flag may have one active experiment at any moment: those that end come before those that start.
  const given = experiments.toSorted((a, b) => Number(isActive(a.status)) - Number(isActive(b.status)));
  const ids = textArray(given.map(({ id }) => id));
  const versions = plainArray(given.map(({ version }) => version));
  const written = await knex.raw<{ rowCount: number }>(PUT, {
    environment: environmentId,
    ids,
    keys: textArray(given.map(({ key }) => key)),
    flags: textArray(given.map(({ flagId }) => flagId)),
    statuses: textArray(given.map(({ status }) => status)),
    versions,
    times: plainArray(given.map(({ updatedAt }) => updatedAt)),
    // As JSON text: a rule as people wrote it may hold characters that a text column refuses.
    rules: textArray(
      given.map(({ targetingRules }) => (targetingRules === null ? null : JSON.stringify(targetingRules))),
    ),
    allocations: plainArray(given.map(({ trafficAllocation }) => trafficAllocation)),
    hashes: plainArray(given.map(({ hashVersion }) => hashVersion)),
    sticky: plainArray(given.map(({ stickyAssignment }) => stickyAssignment)),
    rolled: plainArray(given.map(({ rolledBack }) => rolledBack === true)),
  });
  refuseForeignRecords("experiments", given.length, written.rowCount);
  await replaceVariants(scope, given);
  await knex.raw(KEEP_VERSIONS, {
    environment: environmentId,
    revision,
    ids,
    versions,
    definitions: textArray(given.map((experiment) => JSON.stringify(experiment))),
  });
}

async function replaceVariants({ knex, environmentId }: WriteScope, experiments: readonly Experiment[]): Promise<void> {
  const owners = textArray(experiments.map(({ id }) => id));
  await knex("variants").whereRaw("experiment_id = ANY (?::uuid[])", [owners]).del();
  const rows = experiments.flatMap(({ id, variants }) =>
    variants.map((variant, position) => ({ experimentId: id, position, variant })),
  );
  if (rows.length === 0) return;
  await knex.raw(PUT_VARIANTS, {
    environment: environmentId,
    ids: textArray(rows.map(({ variant }) => variant.id)),
    experiments: textArray(rows.map(({ experimentId }) => experimentId)),
    positions: plainArray(rows.map(({ position }) => position)),
    names: textArray(rows.map(({ variant }) => variant.name)),
    values: textArray(rows.map(({ variant }) => JSON.stringify(variant.value))),
    weights: plainArray(rows.map(({ variant }) => variant.weight)),
    controls: plainArray(rows.map(({ variant }) => variant.isControl)),
  });
}

/**
 * Removes experiments that nobody takes part in, with their variants and memberships.
 *
 * @throws LottyError `database_rejected` when subjects are assigned: forgetting the experiment would free them for others
 * and leave results without a subject. Such experiments are archived instead.
 */
export async function removeExperiments({ knex, environmentId }: WriteScope, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const listed = textArray(ids);
  const { rows } = await knex.raw<{ rows: readonly { experiment_id: string }[] }>(IN_USE, {
    environment: environmentId,
    ids: listed,
  });
  if (rows.length > 0) {
    throw new LottyError(
      "database_rejected",
      "Experiments that subjects take part in cannot be removed; archive them",
      {
        details: { experimentIds: rows.map((row) => row.experiment_id) },
      },
    );
  }
  await knex("experiments").where({ environment_id: environmentId }).whereRaw("id = ANY (?::uuid[])", [listed]).del();
}
