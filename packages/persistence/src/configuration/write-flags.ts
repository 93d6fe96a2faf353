import type { Flag } from "@lotty/domain";
import { plainArray, textArray } from "../sql/array-literal.ts";
import { instantOf } from "../sql/instant-sql.ts";
import type { WriteScope } from "./pg-configuration-writer.ts";
import { refuseForeignRecords } from "./refuse-foreign-records.ts";

const PUT = `
INSERT INTO flags AS held (id, environment_id, key, value_type, default_value, enabled, rules, version, updated_at)
SELECT given.id, CAST(:environment AS uuid), given.key, given.value_type, given.default_value::json, given.enabled,
  given.rules::json, given.version, ${instantOf("given.updated_at")}
FROM unnest(
  CAST(:ids AS uuid[]), CAST(:keys AS text[]), CAST(:types AS text[]), CAST(:values AS text[]), CAST(:enabled AS boolean[]),
  CAST(:rules AS text[]), CAST(:versions AS integer[]), CAST(:times AS bigint[])
) AS given (id, key, value_type, default_value, enabled, rules, version, updated_at)
ON CONFLICT (id) DO UPDATE SET
  key = excluded.key, value_type = excluded.value_type, default_value = excluded.default_value,
  enabled = excluded.enabled, rules = excluded.rules, version = excluded.version, updated_at = excluded.updated_at
WHERE held.environment_id = excluded.environment_id`;

const KEEP_VERSIONS = `
INSERT INTO flag_versions (environment_id, flag_id, revision, version, definition)
SELECT CAST(:environment AS uuid), given.id, CAST(:revision AS bigint), given.version, given.definition::json
FROM unnest(CAST(:ids AS uuid[]), CAST(:versions AS integer[]), CAST(:definitions AS text[])) AS given (id, version, definition)`;

/** Inserts or replaces flags and keeps them as versions. */
export async function putFlags({ knex, environmentId, revision }: WriteScope, flags: readonly Flag[]): Promise<void> {
  if (flags.length === 0) return;
  const ids = textArray(flags.map(({ id }) => id));
  const versions = plainArray(flags.map(({ version }) => version));
  const written = await knex.raw<{ rowCount: number }>(PUT, {
    environment: environmentId,
    ids,
    keys: textArray(flags.map(({ key }) => key)),
    types: textArray(flags.map(({ valueType }) => valueType)),
    values: textArray(flags.map(({ defaultValue }) => JSON.stringify(defaultValue))),
    enabled: plainArray(flags.map(({ enabled }) => enabled)),
    rules: textArray(flags.map(({ rules }) => JSON.stringify(rules))),
    versions,
    times: plainArray(flags.map(({ updatedAt }) => updatedAt)),
  });
  refuseForeignRecords("flags", flags.length, written.rowCount);
  await knex.raw(KEEP_VERSIONS, {
    environment: environmentId,
    revision,
    ids,
    versions,
    definitions: textArray(flags.map((flag) => JSON.stringify(flag))),
  });
}

/** Removes flags; one that an experiment still uses makes the whole change fail. */
export async function removeFlags({ knex, environmentId }: WriteScope, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await knex("flags")
    .where({ environment_id: environmentId })
    .whereRaw("id = ANY (?::uuid[])", [textArray(ids)])
    .del();
}
