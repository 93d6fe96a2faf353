import type { Assignment, RecordOutcome, RecordRequest } from "@lotty/domain";
import { settleByHalves } from "../batching/settle-by-halves.ts";
import type { Settled } from "../batching/settled.ts";
import { toRecordingError } from "../database-error.ts";
import { toAssignment } from "../history/assignment-row.ts";
import type { SqlPool, SqlRow } from "../sql/sql-pool.ts";
import { recordStatement } from "./record-statement.ts";
import { runRecording } from "./run-recording.ts";

/** Writes requests in one transaction; those that the database refuses are set apart from their neighbours. */
export function recordBatch(
  pool: SqlPool,
  requests: readonly RecordRequest[],
): Promise<readonly Settled<RecordOutcome>[]> {
  return settleByHalves(requests, { run: (some) => commit(pool, some), toError: toRecordingError });
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
