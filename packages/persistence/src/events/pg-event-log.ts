import {
  EXPOSURE_EVENT_TYPE,
  EXPOSURE_STATES,
  type EventLog,
  type EventPage,
  type EventQuestion,
  type ExposureState,
  type KeptEvent,
} from "@lotty/domain";
import { guarded } from "../database-error.ts";
import { instantOf } from "../sql/instant-sql.ts";
import { runStatement, type SqlPool, type SqlRow } from "../sql/sql-pool.ts";
import { EVENT_COLUMNS, toEvent } from "./event-row.ts";

const LIST = `SELECT ${EVENT_COLUMNS},
  (SELECT coalesce(waiting.outcome, 'pending') FROM pending_exposures AS waiting
   WHERE waiting.environment_id = events.environment_id AND waiting.event_id = events.event_id) AS waiting
FROM events
WHERE environment_id = $1 AND subject_id = $2
  AND ($3::text IS NULL OR event_type = $3)
  AND ($4::bigint IS NULL OR occurred_at >= ${instantOf("$4::bigint")})
  AND ($5::bigint IS NULL OR occurred_at < ${instantOf("$5::bigint")})
  AND ($6::bigint IS NULL OR (occurred_at, event_id) < (${instantOf("$6::bigint")}, $7::text))
ORDER BY events.occurred_at DESC, events.event_id DESC LIMIT $8`;

/** Reads events in Postgres or PGlite. */
export class PgEventLog implements EventLog {
  readonly #pool: SqlPool;

  constructor(pool: SqlPool) {
    this.#pool = pool;
  }

  list(question: EventQuestion): Promise<EventPage> {
    const { after, environmentId, eventType = null, from = null, limit, subjectId, to = null } = question;
    const place = [after?.occurredAt ?? null, after?.eventId ?? null];
    const values = [environmentId, subjectId, eventType, from, to, ...place, limit + 1];
    return guarded(async () => {
      const { rows } = await runStatement(this.#pool, { text: LIST, values });
      const events = rows.slice(0, limit).map(toKept);
      const last = rows.length > limit ? events.at(-1) : undefined;
      return { events, next: last === undefined ? null : { occurredAt: last.occurredAt, eventId: last.eventId } };
    });
  }
}

function toKept(row: SqlRow): KeptEvent {
  const event = toEvent(row);
  return { ...event, exposure: event.eventType === EXPOSURE_EVENT_TYPE ? stateOf(row["waiting"]) : null };
}

function stateOf(waiting: unknown): ExposureState {
  return EXPOSURE_STATES.find((state) => state === waiting) ?? "counted";
}
