import { LottyError, type EventOutcome, type EventRecord, type EventRecorder } from "@lotty/domain";
import { CallBatcher, type BatchLimits } from "../batching/call-batcher.ts";
import { settleByHalves } from "../batching/settle-by-halves.ts";
import type { Settled } from "../batching/settled.ts";
import { databaseFault, toDatabaseError } from "../database-error.ts";
import { runRecording } from "../recording/run-recording.ts";
import type { SqlPool } from "../sql/sql-pool.ts";
import { eventStatement } from "./event-statement.ts";
import { findConflicts } from "./find-conflicts.ts";

/** Limits for a Postgres server: calls bring up to 1,000 events, and two of them share a commit. */
export const POSTGRES_EVENT_LIMITS: BatchLimits = {
  maxBatchRows: 2_000,
  maxInFlight: 2,
  maxWaitingRows: 20_000,
  maxWaitMillis: 3_000,
};

/** Limits for PGlite, which works on the thread of the event loop. */
export const EMBEDDED_EVENT_LIMITS: BatchLimits = { ...POSTGRES_EVENT_LIMITS, maxBatchRows: 250, maxInFlight: 1 };

type Outcomes = readonly EventOutcome[];

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
  const settled = await settleByHalves(calls.flat(), { run: (some) => commit(pool, some), toError });
  let start = 0;
  return calls.map(({ length }) => {
    start += length;
    return outcomesOf(settled.slice(start - length, start));
  });
}

/** An event that the data makes fail is refused by itself; anything else fails its call. */
function outcomesOf(settled: readonly Settled<EventOutcome>[]): Settled<Outcomes> {
  const outcomes: EventOutcome[] = [];
  for (const each of settled) {
    if (each.ok) outcomes.push(each.value);
    else if (each.error instanceof Unstorable) outcomes.push({ status: "rejected", code: "not_storable" });
    else return { ok: false, error: each.error };
  }
  return { ok: true, value: outcomes };
}

class Unstorable extends Error {}

function toError(error: unknown): Error {
  return databaseFault(error) === "data" ? new Unstorable("The database refuses the event") : toDatabaseError(error);
}

async function commit(pool: SqlPool, events: readonly EventRecord[]): Promise<Outcomes> {
  if (!events.every(isEncodable)) throw new LottyError("internal", "An event has a text that cannot be stored");
  return runRecording(pool, async (connection) => {
    const { rows } = await connection.query(eventStatement(events));
    const verdicts = new Map(rows.map((row) => [Number(row["n"]) - 1, String(row["verdict"])]));
    const repeated = events.filter((_, index) => verdicts.get(index) === "duplicate");
    const conflicts = await findConflicts(connection, repeated);
    return events.map((event, index) => toOutcome(verdicts.get(index), conflicts.has(event)));
  });
}

function toOutcome(verdict: string | undefined, conflict: boolean): EventOutcome {
  if (verdict === undefined) return { status: "accepted", pending: false };
  if (verdict === "pending") return { status: "accepted", pending: true };
  if (verdict === "duplicate") return { status: "duplicate", conflict };
  if (verdict === "wrong_subject" || verdict === "not_assigned") return { status: "rejected", code: verdict };
  throw new LottyError("internal", "The database gave an event a verdict that there is not");
}

/** Texts that the driver would change on the way instead of refusing them. */
function isEncodable({ eventId, subjectId }: EventRecord): boolean {
  return eventId.isWellFormed() && subjectId.isWellFormed();
}
