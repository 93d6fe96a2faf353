import type { Segment } from "@lotty/domain";
import { plainArray, textArray } from "../sql/array-literal.ts";
import { instantOf } from "../sql/instant-sql.ts";
import type { WriteScope } from "./write-scope.ts";
import { refuseForeignRecords } from "./refuse-foreign-records.ts";

const PUT = `
INSERT INTO segments AS held (id, environment_id, key, rule, version, updated_at)
SELECT given.id, CAST(:environment AS uuid), given.key, given.rule::json, given.version, ${instantOf("given.updated_at")}
FROM unnest(CAST(:ids AS uuid[]), CAST(:keys AS text[]), CAST(:rules AS text[]), CAST(:versions AS integer[]), CAST(:times AS bigint[]))
  AS given (id, key, rule, version, updated_at)
ON CONFLICT (id) DO UPDATE SET
  key = excluded.key, rule = excluded.rule, version = excluded.version, updated_at = excluded.updated_at
WHERE held.environment_id = excluded.environment_id`;

const KEEP_VERSIONS = `
INSERT INTO segment_versions (environment_id, segment_id, revision, version, definition)
SELECT CAST(:environment AS uuid), given.id, CAST(:revision AS bigint), given.version, given.definition::json
FROM unnest(CAST(:ids AS uuid[]), CAST(:versions AS integer[]), CAST(:definitions AS text[])) AS given (id, version, definition)`;

/** Inserts or replaces segments and keeps them as versions. */
export async function putSegments(
  { knex, environmentId, revision }: WriteScope,
  segments: readonly Segment[],
): Promise<void> {
  if (segments.length === 0) return;
  const ids = textArray(segments.map(({ id }) => id));
  const versions = plainArray(segments.map(({ version }) => version));
  const written = await knex.raw<{ rowCount: number }>(PUT, {
    environment: environmentId,
    ids,
    keys: textArray(segments.map(({ key }) => key)),
    // As JSON text, as the rules of experiments.
    rules: textArray(segments.map(({ rule }) => JSON.stringify(rule))),
    versions,
    times: plainArray(segments.map(({ updatedAt }) => updatedAt)),
  });
  refuseForeignRecords("segments", segments.length, written.rowCount);
  await knex.raw(KEEP_VERSIONS, {
    environment: environmentId,
    revision,
    ids,
    versions,
    definitions: textArray(segments.map((segment) => JSON.stringify(segment))),
  });
}

/** Removes segments. Rules that still name them take nobody who gets as far as that. */
export async function removeSegments({ knex, environmentId }: WriteScope, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await knex("segments")
    .where({ environment_id: environmentId })
    .whereRaw("id = ANY (?::uuid[])", [textArray(ids)])
    .del();
}
