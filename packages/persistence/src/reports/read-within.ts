import { LottyError } from "@lotty/domain";
import { toDatabaseError } from "../database-error.ts";
import { inTransaction, sqlState, withConnection, type SqlConnection, type SqlPool } from "../sql/sql-pool.ts";

const STATEMENT_TIMEOUT = "57014";
const RECOVERY_CONFLICT = "40001";

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
        // Of the transaction, so that a pooler in between may hand the connection on.
        const timeout = String(timeoutMillis);
        await connection.query({ text: "SELECT set_config('statement_timeout', $1, true)", values: [timeout] });
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
