import { isLottyError, LottyError, type SubjectHistory, type SubjectHistorySource } from "@lotty/domain";
import { OutageGate } from "./outage-gate.ts";

/** A pool that is merely busy has answers between its failures; a database that is down has none. */
const FAILURES_OF_OUTAGE = 5;

/** Histories from a database behind a gate: while the database is down, asking for one fails at once. */
export class GatedHistorySource implements SubjectHistorySource {
  readonly #source: SubjectHistorySource;
  readonly #gate: OutageGate;

  /** @param now a steady clock in milliseconds */
  constructor(source: SubjectHistorySource, now?: () => number) {
    this.#source = source;
    this.#gate = new OutageGate({
      failures: FAILURES_OF_OUTAGE,
      isFailure: (error) => isLottyError(error, "database_unavailable"),
      ...(now !== undefined && { now }),
    });
  }

  load(environmentId: string, subjectId: string): Promise<SubjectHistory> {
    return this.#gate.run(() => this.#source.load(environmentId, subjectId), databaseRests);
  }
}

function databaseRests(): LottyError {
  return new LottyError("database_unavailable", "The database failed a moment ago and is left alone for now.");
}
