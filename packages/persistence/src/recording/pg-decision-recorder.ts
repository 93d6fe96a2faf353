import type { DecisionRecorder, RecordOutcome, RecordRequest } from "@lotty/domain";
import { CallBatcher, type BatchLimits } from "../batching/call-batcher.ts";
import type { SqlPool } from "../sql/sql-pool.ts";
import { recordBatch } from "./record-batch.ts";
import { checkEncodable } from "./record-statement.ts";

/**
 * Limits for a Postgres server: the smallest p99 was measured with two commits in flight, and batches beyond 500 rows win
 * no more throughput.
 */
export const POSTGRES_RECORDER_LIMITS: BatchLimits = {
  maxBatchRows: 500,
  maxInFlight: 2,
  maxWaitingRows: 10_000,
  maxWaitMillis: 3_000,
};

/** Limits for PGlite: it is one session, and works on the thread of the event loop, which large batches would block. */
export const EMBEDDED_RECORDER_LIMITS: BatchLimits = {
  ...POSTGRES_RECORDER_LIMITS,
  maxBatchRows: 100,
  maxInFlight: 1,
};

/** Records decisions in Postgres or PGlite; concurrent requests share a commit. */
export class PgDecisionRecorder implements DecisionRecorder {
  readonly #group: CallBatcher<RecordRequest, RecordOutcome>;

  constructor(pool: SqlPool, limits: BatchLimits) {
    this.#group = new CallBatcher({
      ...limits,
      rowsOf: ({ decisions }) => decisions.length,
      refusalCode: "decision_store_unavailable",
      run: (requests) => recordBatch(pool, requests),
    });
  }

  async record(request: RecordRequest): Promise<RecordOutcome> {
    if (request.decisions.length === 0) return { status: "committed" };
    request.decisions.forEach(checkEncodable);
    return this.#group.submit(request);
  }

  /** Takes no more requests and resolves when all that were taken are settled. */
  close(): Promise<void> {
    return this.#group.close();
  }
}
