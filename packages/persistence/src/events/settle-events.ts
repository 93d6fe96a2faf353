import { LottyError, type EventOutcome, type EventRecord } from "@lotty/domain";
import { settleByHalves } from "../batching/settle-by-halves.ts";
import type { Settled } from "../batching/settled.ts";
import { databaseFault, toDatabaseError } from "../database-error.ts";
import { runRecording } from "../recording/run-recording.ts";
import type { SqlPool } from "../sql/sql-pool.ts";
import { eventStatement, type Strictness } from "./event-statement.ts";
import { findConflicts } from "./find-conflicts.ts";

/** What became of events, in their order. */
export type Outcomes = readonly EventOutcome[];

/** Keeps events in one transaction, or in smaller ones when one of them makes it fail. Gives what became of each. */
export function settleEvents(
  pool: SqlPool,
  events: readonly EventRecord[],
  strictness: Strictness,
): Promise<readonly Settled<EventOutcome>[]> {
  return settleByHalves(events, { run: (some) => commit(pool, some, strictness), toError });
}

/** What became of the events of one call: one that the data makes fail is refused by itself; anything else fails the call. */
export function outcomesOf(settled: readonly Settled<EventOutcome>[]): Settled<Outcomes> {
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

async function commit(pool: SqlPool, events: readonly EventRecord[], strictness: Strictness): Promise<Outcomes> {
  if (!events.every(isEncodable)) throw new LottyError("internal", "An event has a text that cannot be stored");
  return runRecording(pool, async (connection) => {
    const { rows } = await connection.query(eventStatement(events, strictness));
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
