import type { EventOutcome, EventRecord, EventSink } from "@lotty/domain";
import type { SqlPool } from "../sql/sql-pool.ts";
import { outcomesOf, settleEvents } from "./settle-events.ts";

/** Keeps events in Postgres or PGlite that were acknowledged before, each call in a transaction of its own. */
export class PgEventSink implements EventSink {
  readonly #pool: SqlPool;

  constructor(pool: SqlPool) {
    this.#pool = pool;
  }

  async write(events: readonly EventRecord[]): Promise<readonly EventOutcome[]> {
    if (events.length === 0) return [];
    const settled = outcomesOf(await settleEvents(this.#pool, events, "lenient"));
    if (!settled.ok) throw settled.error;
    return settled.value;
  }
}
