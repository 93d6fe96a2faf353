import type { Flag } from "@lotty/domain";
import { plainArray, textArray } from "../sql/array-literal.ts";
import { instantOf } from "../sql/instant-sql.ts";
import type { WriteScope } from "./write-scope.ts";

/** A flag may have another name, or another type, from now on; its copies in other environments follow in the same change. */
const PUT_IDENTITIES = `
INSERT INTO flag_identities (id, key, value_type)
SELECT given.id, given.key, given.value_type
FROM unnest(CAST(:ids AS uuid[]), CAST(:keys AS text[]), CAST(:types AS text[])) AS given (id, key, value_type)
ON CONFLICT (id) DO UPDATE SET key = excluded.key, value_type = excluded.value_type`;

const PUT = `
INSERT INTO flags (id, environment_id, key, value_type, default_value, enabled, rules, version, updated_at)
SELECT given.id, CAST(:environment AS uuid), given.key, given.value_type, given.default_value::json, given.enabled,
  given.rules::json, given.version, ${instantOf("given.updated_at")}
FROM unnest(
  CAST(:ids AS uuid[]), CAST(:keys AS text[]), CAST(:types AS text[]), CAST(:values AS text[]), CAST(:enabled AS boolean[]),
  CAST(:rules AS text[]), CAST(:versions AS integer[]), CAST(:times AS bigint[])
) AS given (id, key, value_type, default_value, enabled, rules, version, updated_at)
ON CONFLICT (environment_id, id) DO UPDATE SET
  key = excluded.key, value_type = excluded.value_type, default_value = excluded.default_value,
  enabled = excluded.enabled, rules = excluded.rules, version = excluded.version, updated_at = excluded.updated_at`;

const KEEP_VERSIONS = `
INSERT INTO flag_versions (environment_id, flag_id, revision, version, definition)
SELECT CAST(:environment AS uuid), given.id, CAST(:revision AS bigint), given.version, given.definition::json
FROM unnest(CAST(:ids AS uuid[]), CAST(:versions AS integer[]), CAST(:definitions AS text[])) AS given (id, version, definition)`;

/** Inserts or replaces what flags are in all environments. */
export async function putFlagIdentities({ knex }: WriteScope, flags: readonly Flag[]): Promise<void> {
  if (flags.length === 0) return;
  await knex.raw(PUT_IDENTITIES, {
    ids: textArray(flags.map(({ id }) => id)),
    keys: textArray(flags.map(({ key }) => key)),
    types: textArray(flags.map(({ valueType }) => valueType)),
  });
}

/** Inserts or replaces flags in one environment and keeps them as versions. */
export async function putFlags({ knex, environmentId, revision }: WriteScope, flags: readonly Flag[]): Promise<void> {
  if (flags.length === 0) return;
  const ids = textArray(flags.map(({ id }) => id));
  const versions = plainArray(flags.map(({ version }) => version));
  await knex.raw(PUT, {
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
  await knex.raw(KEEP_VERSIONS, {
    environment: environmentId,
    revision,
    ids,
    versions,
    definitions: textArray(flags.map((flag) => JSON.stringify(flag))),
  });
}

/** Removes flags from one environment; one that an experiment still uses makes the whole change fail. */
export async function removeFlags({ knex, environmentId }: WriteScope, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await knex("flags")
    .where({ environment_id: environmentId })
    .whereRaw("id = ANY (?::uuid[])", [textArray(ids)])
    .del();
}

/** Removes what flags are in all environments; one that an environment still has makes the whole change fail. */
export async function removeFlagIdentities({ knex }: WriteScope, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await knex("flag_identities")
    .whereRaw("id = ANY (?::uuid[])", [textArray(ids)])
    .del();
}
