import { createHash } from "node:crypto";
import type { Exclusively, JobLocks } from "@lotty/domain";
import { toDatabaseError } from "../database-error.ts";
import type { SqlConnection, SqlPool } from "../sql/sql-pool.ts";

/**
 * Locks of Postgres, each held by an open transaction on a connection of the pool. A lock of the session would be one statement less, but
 * gets lost for good behind a pooler that hands connections on between transactions. A transaction that has only taken a lock
 * keeps no snapshot, so it does not hold vacuum up.
 */
export class PgJobLocks implements JobLocks {
  readonly #pool: SqlPool;

  constructor(pool: SqlPool) {
    this.#pool = pool;
  }

  async exclusively<Result>(
    name: string,
    maxSeconds: number,
    work: () => Promise<Result>,
  ): Promise<Exclusively<Result>> {
    const connection = await this.#connect();
    if (!(await this.#take(connection, name, maxSeconds))) return { held: false };
    try {
      return { held: true, result: await work() };
    } finally {
      // On a connection that broke meanwhile the lock is gone already.
      await connection.query({ text: "ROLLBACK" }).then(
        () => connection.release(),
        () => connection.release(true),
      );
    }
  }

  async #connect(): Promise<SqlConnection> {
    try {
      return await this.#pool.connect();
    } catch (error) {
      throw toDatabaseError(error);
    }
  }

  /** Begins the transaction that holds the lock; ends it, and lets go of the connection, when somebody else has the lock. */
  async #take(connection: SqlConnection, name: string, maxSeconds: number): Promise<boolean> {
    try {
      await connection.query({ text: "BEGIN" });
      // Ends the transaction of a machine that has gone without a word.
      const timeout = `${Math.ceil(maxSeconds)}s`;
      await connection.query({
        text: "SELECT set_config('idle_in_transaction_session_timeout', $1, true)",
        values: [timeout],
      });
      const { rows } = await connection.query({
        text: "SELECT pg_try_advisory_xact_lock($1::bigint) AS taken",
        values: [lockNumber(name)],
      });
      if (rows[0]?.["taken"] === true) return true;
      await connection.query({ text: "ROLLBACK" });
      connection.release();
      return false;
    } catch (error) {
      connection.release(true);
      throw toDatabaseError(error);
    }
  }
}

/** The number of the lock: 64 bits of a hash, which no other lock of the database has but by chance. */
function lockNumber(name: string): string {
  return createHash("sha256").update(`lotty job ${name}`).digest().readBigInt64BE().toString();
}
