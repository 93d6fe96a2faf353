import type { EventRetention, Instant } from "@lotty/domain";
import { guarded } from "../database-error.ts";
import { instantOf } from "../sql/instant-sql.ts";
import { runStatement, type SqlPool } from "../sql/sql-pool.ts";

/** By place and not by key: the block range index leads to the oldest blocks, whose rows are read anyway. */
const REMOVE = `WITH gone AS (
  DELETE FROM events WHERE ctid = ANY (ARRAY(SELECT ctid FROM events WHERE received_at < ${instantOf("$1::bigint")} LIMIT $2))
    AND received_at < ${instantOf("$1::bigint")}
  RETURNING environment_id, event_id
), forgotten AS (
  DELETE FROM pending_exposures AS held USING gone WHERE held.environment_id = gone.environment_id AND held.event_id = gone.event_id
)
SELECT count(*) AS removed FROM gone`;

/** Removes old events from Postgres or PGlite. */
export class PgEventRetention implements EventRetention {
  readonly #pool: SqlPool;

  constructor(pool: SqlPool) {
    this.#pool = pool;
  }

  removeBefore(before: Instant, limit: number): Promise<number> {
    return guarded(async () => {
      const { rows } = await runStatement(this.#pool, { text: REMOVE, values: [before, limit] });
      return Number(rows[0]?.["removed"]);
    });
  }
}
