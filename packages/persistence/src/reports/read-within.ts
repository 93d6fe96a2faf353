import { LottyError } from "@lotty/domain";
import { toDatabaseError } from "../database-error.ts";
import { inTransaction, sqlState, withConnection, type SqlConnection, type SqlPool } from "../sql/sql-pool.ts";

const STATEMENT_TIMEOUT = "57014";
const RECOVERY_CONFLICT = "40001";

/** Of a sort or a hash table, before it goes to the disk: reports join and sort millions of subjects, and few run at a time. */
const WORK_MEMORY = "64MB";

/**
 * Of the transaction, so that a pooler in between may hand the connection on. Nothing is compiled: with the many expressions of a report that
 * takes about a second in each of its processes, and saves less.
 */
const SETTINGS = `SELECT set_config('statement_timeout', $1, true), set_config('work_mem', $2, true), set_config('jit', 'off', true)`;

/**
 * Runs a report: a read-only transaction that sees the database as of one moment, with a time limit of its own for each statement. PGlite
 * does not enforce it.
 *
 * @throws LottyError `timeout`, `database_unavailable`, `schema_mismatch`
 */
export async function readWithin<Result>(
  pool: SqlPool,
  timeoutMillis: number,
  work: (connection: SqlConnection) => Promise<Result>,
): Promise<Result> {
  try {
    return await withConnection(pool, (connection) =>
      inTransaction(connection, async () => {
        await connection.query({ text: "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY" });
        await connection.query({ text: SETTINGS, values: [String(timeoutMillis), WORK_MEMORY] });
        return work(connection);
      }),
    );
  } catch (error) {
    throw toReportError(error, timeoutMillis);
  }
}

function toReportError(error: unknown, timeoutMillis: number): LottyError {
  const state = sqlState(error);
  if (state === STATEMENT_TIMEOUT) {
    return new LottyError("timeout", `The report took longer than ${timeoutMillis} ms`, { cause: error });
  }
  if (state === RECOVERY_CONFLICT) {
    const message = "The standby gave the report up to keep in step with its primary";
    return new LottyError("database_unavailable", message, { cause: error });
  }
  return toDatabaseError(error);
}
