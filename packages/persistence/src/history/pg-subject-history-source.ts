import type { SubjectHistory, SubjectHistorySource } from "@lotty/domain";
import { guarded } from "../database-error.ts";
import { microsOf } from "../sql/instant-sql.ts";
import { runStatement, type SqlPool } from "../sql/sql-pool.ts";
import { toAssignment } from "./assignment-row.ts";

const LOAD = `
SELECT experiment_id, variant_id, ${microsOf("first_decided_at")} AS first_decided_at,
  ${microsOf("last_decided_at")} AS last_decided_at
FROM assignments WHERE environment_id = $1 AND subject_id = $2`;

/** Reads histories from Postgres or PGlite: one range of the primary key of `assignments`. */
export class PgSubjectHistorySource implements SubjectHistorySource {
  readonly #pool: SqlPool;

  constructor(pool: SqlPool) {
    this.#pool = pool;
  }

  load(environmentId: string, subjectId: string): Promise<SubjectHistory> {
    return guarded(async () => {
      const values = [environmentId, subjectId];
      const { rows } = await runStatement(this.#pool, { name: "lotty_load_history", text: LOAD, values });
      return rows.map(toAssignment);
    });
  }
}
