import type { DecisionRecorder, RecordOutcome, RecordRequest } from "@lotty/domain";
import type { SqlPool } from "../sql/sql-pool.ts";
import { GroupCommit } from "./group-commit.ts";
import { recordBatch } from "./record-batch.ts";
import { checkEncodable } from "./record-statement.ts";

/** Limits of a {@link PgDecisionRecorder}. */
export interface RecorderLimits {
  /** Most decisions in one transaction. */
  readonly maxBatchRows: number;
  /** Most transactions at the same time. */
  readonly maxInFlight: number;
  /** Most decisions that may wait. */
  readonly maxWaitingRows: number;
  /** Longest wait for a transaction to start. */
  readonly maxWaitMillis: number;
}

/**
 * Limits for a Postgres server: the smallest p99 was measured with two commits in flight, and batches beyond 500 rows win
 * no more throughput.
 */
export const POSTGRES_RECORDER_LIMITS: RecorderLimits = {
  maxBatchRows: 500,
  maxInFlight: 2,
  maxWaitingRows: 10_000,
  maxWaitMillis: 3_000,
};

/** Limits for PGlite: it is one session, and works on the thread of the event loop, which large batches would block. */
export const EMBEDDED_RECORDER_LIMITS: RecorderLimits = {
  ...POSTGRES_RECORDER_LIMITS,
  maxBatchRows: 100,
  maxInFlight: 1,
};

/** Records decisions in Postgres or PGlite; concurrent requests share a commit. */
export class PgDecisionRecorder implements DecisionRecorder {
  readonly #group: GroupCommit<RecordRequest, RecordOutcome>;

  constructor(pool: SqlPool, limits: RecorderLimits) {
    this.#group = new GroupCommit({
      ...limits,
      rowsOf: ({ decisions }) => decisions.length,
      commit: (requests) => recordBatch(pool, requests),
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
