import { setTimeout as pause } from "node:timers/promises";
import { databaseFault } from "../database-error.ts";
import { withConnection, type SqlConnection, type SqlPool } from "../sql/sql-pool.ts";

/** How often work is tried in all. */
const MAX_ATTEMPTS = 4;

/** Pause before the first repetition on another connection; it doubles with each. */
const FIRST_PAUSE_MILLIS = 20;

/**
 * Runs work that may be repeated because it is idempotent. A lost race (deadlock, serialisation) is tried again at once. So
 * is, after a short pause, a connection that broke under a statement: a restart breaks all of a pool's connections, and the
 * pool must notice before it hands out the next. A connection that cannot be made is not tried again, because that would
 * only lengthen an outage.
 */
export async function runRecording<Result>(
  pool: SqlPool,
  work: (connection: SqlConnection) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    let connected = false;
    try {
      return await withConnection(pool, (connection) => {
        connected = true;
        return work(connection);
      });
    } catch (error) {
      const fault = databaseFault(error);
      if (attempt === MAX_ATTEMPTS) throw error;
      if (fault === "connection" && connected) await pause(FIRST_PAUSE_MILLIS * 2 ** (attempt - 1));
      else if (fault !== "contention") throw error;
    }
  }
}
