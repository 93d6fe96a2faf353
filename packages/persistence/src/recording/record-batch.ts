import type { Assignment, RecordOutcome, RecordRequest } from "@lotty/domain";
import { databaseFault, toRecordingError } from "../database-error.ts";
import { toAssignment } from "../history/assignment-row.ts";
import type { SqlPool, SqlRow } from "../sql/sql-pool.ts";
import { recordStatement } from "./record-statement.ts";
import { runRecording } from "./run-recording.ts";
import type { Settled } from "./settled.ts";

/**
 * Writes requests in one transaction. When the data of some request makes it fail, the batch is halved until the culprit
 * stands alone, so that a bad row harms no neighbour: k bad ones among n cost about 2k log n statements.
 */
export async function recordBatch(
  pool: SqlPool,
  requests: readonly RecordRequest[],
): Promise<readonly Settled<RecordOutcome>[]> {
  try {
    const outcomes = await commit(pool, requests);
    return outcomes.map((value) => ({ ok: true, value }));
  } catch (error) {
    if (databaseFault(error) === "data" && requests.length > 1) {
      const middle = Math.ceil(requests.length / 2);
      const first = await recordBatch(pool, requests.slice(0, middle));
      return [...first, ...(await recordBatch(pool, requests.slice(middle)))];
    }
    return requests.map(() => ({ ok: false, error: toRecordingError(error) }));
  }
}

async function commit(pool: SqlPool, requests: readonly RecordRequest[]): Promise<readonly RecordOutcome[]> {
  const statement = recordStatement(requests);
  const { rows } = await runRecording(pool, (connection) => connection.query(statement));
  const conflicts = Map.groupBy(rows, (row) => Number(row["request"]));
  return requests.map((_, index) => {
    const history = conflicts.get(index);
    return history === undefined ? { status: "committed" } : { status: "history_changed", history: toHistory(history) };
  });
}

/** An empty history comes as one row of nulls. */
function toHistory(rows: readonly SqlRow[]): readonly Assignment[] {
  return rows.filter((row) => row["experiment_id"] !== null).map(toAssignment);
}
