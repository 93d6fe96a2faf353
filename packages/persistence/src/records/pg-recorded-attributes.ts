import type { AttributesReference, JsonObject, RecordedAttributes } from "@lotty/domain";
import { guarded } from "../database-error.ts";
import { runStatement, type SqlPool } from "../sql/sql-pool.ts";
import { DIGEST_OF_NONE, readAttributes } from "./attributes-text.ts";

const FIND = `
SELECT attributes FROM attribute_sets WHERE environment_id = $1 AND subject_id = $2 AND digest = decode($3, 'hex')`;

/** Reads attributes on Postgres or PGlite. */
export class PgRecordedAttributes implements RecordedAttributes {
  readonly #pool: SqlPool;

  constructor(pool: SqlPool) {
    this.#pool = pool;
  }

  async of({ attributesDigest, environmentId, subjectId }: AttributesReference): Promise<JsonObject | null> {
    if (attributesDigest === null) return null;
    if (attributesDigest === DIGEST_OF_NONE) return {};
    const values = [environmentId, subjectId, attributesDigest];
    const { rows } = await guarded(() => runStatement(this.#pool, { text: FIND, values }));
    return rows[0] === undefined ? null : readAttributes(String(rows[0]["attributes"]));
  }
}
