import type { EventRecord, EventRecorder } from "@lotty/domain";
import { CallBatcher, type BatchLimits } from "../batching/call-batcher.ts";
import type { Settled } from "../batching/settled.ts";
import type { SqlPool } from "../sql/sql-pool.ts";
import { outcomesOf, settleEvents, type Outcomes } from "./settle-events.ts";

/** Limits for a Postgres server: calls bring up to 1,000 events, and two of them share a commit. */
export const POSTGRES_EVENT_LIMITS: BatchLimits = {
  maxBatchRows: 2_000,
  maxInFlight: 2,
  maxWaitingRows: 20_000,
  maxWaitMillis: 3_000,
};

/** Limits for PGlite, which works on the thread of the event loop. */
export const EMBEDDED_EVENT_LIMITS: BatchLimits = { ...POSTGRES_EVENT_LIMITS, maxBatchRows: 250, maxInFlight: 1 };

/** Keeps events in Postgres or PGlite; concurrent calls share a commit. */
export class PgEventRecorder implements EventRecorder {
  readonly #group: CallBatcher<readonly EventRecord[], Outcomes>;
  readonly #maxRows: number;

  constructor(pool: SqlPool, limits: BatchLimits) {
    this.#maxRows = limits.maxBatchRows;
    this.#group = new CallBatcher({
      ...limits,
      rowsOf: (events) => events.length,
      refusalCode: "overloaded",
      run: (calls) => recordCalls(pool, calls),
    });
  }

  async record(events: readonly EventRecord[]): Promise<Outcomes> {
    const parts: Promise<Outcomes>[] = [];
    for (let start = 0; start < events.length; start += this.#maxRows) {
      parts.push(this.#group.submit(events.slice(start, start + this.#maxRows)));
    }
    return (await Promise.all(parts)).flat();
  }

  /** Takes no more calls and resolves when all that were taken are settled. */
  close(): Promise<void> {
    return this.#group.close();
  }
}

async function recordCalls(
  pool: SqlPool,
  calls: readonly (readonly EventRecord[])[],
): Promise<readonly Settled<Outcomes>[]> {
  const settled = await settleEvents(pool, calls.flat(), "strict");
  let start = 0;
  return calls.map(({ length }) => {
    start += length;
    return outcomesOf(settled.slice(start - length, start));
  });
}
