import { MICROS_PER_DAY, type Instant } from "@lotty/domain";
import { guarded } from "../database-error.ts";
import { instantOf } from "../sql/instant-sql.ts";
import { inTransaction, runStatement, withConnection, type SqlConnection, type SqlPool } from "../sql/sql-pool.ts";
import { PARTITION_TABLE, partitionDay } from "./partition-day.ts";
import { existingPartitions, PARTITION_LOCK, STRAYS } from "./pg-decision-partitions.ts";

/** What was taken out of the decision log. */
export interface RemovedDecisions {
  /** Names of the daily tables, oldest first. */
  readonly days: readonly string[];
  /** Decisions that were in none of them. */
  readonly strays: number;
}

/** Takes old decisions away, and attributes that only they named. */
export interface DecisionRetention {
  /**
   * Removes the days of the decision log that were over when the day of an instant began, whole tables at a time. Safe to call from
   * several processes at once.
   *
   * @throws LottyError `database_unavailable`, also when the log could not be locked in time; what is gone by then stays gone
   */
  removeBefore(instant: Instant): Promise<RemovedDecisions>;

  /**
   * Removes sets of attributes that only decisions named whose days are not in the log any more, whoever has taken these away.
   *
   * @param limit how many at most
   * @returns how many there were, as far as the limit
   * @throws LottyError `database_unavailable`
   */
  removeUnnamedAttributes(limit: number): Promise<number>;
}

/** Strays may be older than every table. Compared again as rows are deleted: a decision may name the set again meanwhile. */
const REMOVE_ATTRIBUTES = `
WITH oldest AS (
  SELECT least($1::date, (SELECT min(decided_at) AT TIME ZONE 'UTC' FROM ${STRAYS})::date) AS day
), gone AS (
  DELETE FROM attribute_sets
  WHERE ctid = ANY (ARRAY(SELECT ctid FROM attribute_sets WHERE last_named_on < (SELECT day FROM oldest) LIMIT $2::integer))
    AND last_named_on < (SELECT day FROM oldest)
  RETURNING 1
)
SELECT count(*) AS removed FROM gone`;

/** Takes decisions away from Postgres or PGlite. */
export class PgDecisionRetention implements DecisionRetention {
  readonly #pool: SqlPool;

  constructor(pool: SqlPool) {
    this.#pool = pool;
  }

  removeBefore(instant: Instant): Promise<RemovedDecisions> {
    const first = partitionDay(instant).table;
    const start = Math.floor(instant / MICROS_PER_DAY) * MICROS_PER_DAY;
    return guarded(async () => {
      const days: string[] = [];
      const present = await this.#days();
      for (const table of present.filter((each) => each < first)) if (await this.#remove(table)) days.push(table);
      const { rowCount } = await runStatement(this.#pool, {
        text: `DELETE FROM ${STRAYS} WHERE decided_at < ${instantOf("$1::bigint")}`,
        values: [start],
      });
      return { days, strays: rowCount ?? 0 };
    });
  }

  removeUnnamedAttributes(limit: number): Promise<number> {
    return guarded(async () => {
      const [oldest] = await this.#days();
      if (oldest === undefined) return 0;
      const values = [dateOf(oldest), limit];
      const { rows } = await runStatement(this.#pool, { text: REMOVE_ATTRIBUTES, values });
      return Number(rows[0]?.["removed"]);
    });
  }

  #days(): Promise<readonly string[]> {
    return withConnection(this.#pool, existingPartitions);
  }

  /** Each day has a transaction of its own, so that the log is never locked for longer than one takes. */
  #remove(table: string): Promise<boolean> {
    return withConnection(this.#pool, (connection) => inTransaction(connection, () => dropDay(connection, table)));
  }
}

async function dropDay(connection: SqlConnection, table: string): Promise<boolean> {
  const run = (text: string): Promise<unknown> => connection.query({ text });
  await run(`SELECT pg_advisory_xact_lock(${PARTITION_LOCK})`);
  if (!PARTITION_TABLE.test(table) || !(await existingPartitions(connection)).includes(table)) return false;
  // Rather give up and come again than queue everybody up behind a long report.
  await run("SET LOCAL lock_timeout = '2s'");
  await run(`ALTER TABLE decisions DETACH PARTITION ${table}`);
  await run(`DROP TABLE ${table}`);
  return true;
}

/** The date in the name of a daily table. */
function dateOf(table: string): string {
  return table.replace(/^.*(\d{4})(\d{2})(\d{2})$/, "$1-$2-$3");
}
