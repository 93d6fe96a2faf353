import { MICROS_PER_DAY, type Instant } from "@lotty/domain";
import { guarded } from "../database-error.ts";
import { inTransaction, runStatement, withConnection, type SqlConnection, type SqlPool } from "../sql/sql-pool.ts";
import { PARTITION_TABLE, partitionDay, type PartitionDay } from "./partition-day.ts";

/** Keeps the decision log in daily partitions. */
export interface DecisionPartitions {
  /**
   * Makes sure that the day of `now` and the `days` days after it have partitions. Decisions of those days that had gone
   * astray are moved in. Safe to call from several processes at once, and cheap when there is nothing to do.
   *
   * @returns names of the tables that were created
   * @throws LottyError `database_unavailable`, also when a table lock could not be had in time
   */
  ensureAhead(now: Instant, days: number): Promise<readonly string[]>;

  /** How many decisions are in no partition of their day. Anything but 0 asks for attention. Reads all of them. */
  strays(): Promise<number>;

  /** Names of the daily tables, oldest first. */
  list(): Promise<readonly string[]>;
}

/** Table of the decisions that are in no table of their day. */
export const STRAYS = "decisions_strays";

/** Any number that nobody else in the database takes a lock on. */
export const PARTITION_LOCK = 5_402_217_863_115_922;

const LIST = `
SELECT c.relname::text AS name FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
WHERE i.inhparent = 'decisions'::regclass ORDER BY 1`;

/** Partitions on Postgres or PGlite. */
export class PgDecisionPartitions implements DecisionPartitions {
  readonly #pool: SqlPool;

  constructor(pool: SqlPool) {
    this.#pool = pool;
  }

  ensureAhead(now: Instant, days: number): Promise<readonly string[]> {
    const wanted = Array.from({ length: days + 1 }, (_, index) => partitionDay(now + index * MICROS_PER_DAY));
    return guarded(async () => {
      const created: string[] = [];
      for (const day of await this.#missing(wanted)) if (await this.#create(day)) created.push(day.table);
      return created;
    });
  }

  strays(): Promise<number> {
    return guarded(async () => {
      const { rows } = await runStatement(this.#pool, { text: `SELECT count(*) AS strays FROM ${STRAYS}` });
      return Number(rows[0]?.["strays"]);
    });
  }

  list(): Promise<readonly string[]> {
    return guarded(() => withConnection(this.#pool, existingPartitions));
  }

  async #missing(wanted: readonly PartitionDay[]): Promise<readonly PartitionDay[]> {
    const present = new Set(await withConnection(this.#pool, existingPartitions));
    return wanted.filter(({ table }) => !present.has(table));
  }

  /** Each day has a transaction of its own, so that the log is never locked for longer than one takes. */
  #create(day: PartitionDay): Promise<boolean> {
    return withConnection(this.#pool, (connection) =>
      inTransaction(connection, () => createPartition(connection, day)),
    );
  }
}

/** Names of the daily tables, oldest first. */
export async function existingPartitions(connection: SqlConnection): Promise<readonly string[]> {
  const { rows } = await connection.query({ text: LIST });
  return rows.map((row) => String(row["name"])).filter((name) => PARTITION_TABLE.test(name));
}

/**
 * Fills the table before it becomes a partition: Postgres refuses a partition for rows that lie in the default one. The
 * table is locked against writers of strays only; decisions of days that have a partition flow on.
 */
async function createPartition(connection: SqlConnection, { table, from, to }: PartitionDay): Promise<boolean> {
  const run = (text: string): Promise<unknown> => connection.query({ text });
  await run(`SELECT pg_advisory_xact_lock(${PARTITION_LOCK})`);
  if ((await existingPartitions(connection)).includes(table)) return false;
  await run("SET LOCAL lock_timeout = '2s'");
  await run(`LOCK TABLE ${STRAYS} IN ACCESS EXCLUSIVE MODE`);
  await run(`CREATE TABLE ${table} (LIKE decisions INCLUDING ALL)`);
  await run(`ALTER TABLE ${table} ADD CONSTRAINT of_day CHECK (decision_id >= '${from}' AND decision_id < '${to}')`);
  await run(
    `WITH moved AS (DELETE FROM ${STRAYS} WHERE decision_id >= '${from}' AND decision_id < '${to}' RETURNING *)
     INSERT INTO ${table} SELECT * FROM moved`,
  );
  await run(`ALTER TABLE decisions ATTACH PARTITION ${table} FOR VALUES FROM ('${from}') TO ('${to}')`);
  await run(`ALTER TABLE ${table} DROP CONSTRAINT of_day`);
  return true;
}
