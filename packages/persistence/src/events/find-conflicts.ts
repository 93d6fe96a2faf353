import { isDeepStrictEqual } from "node:util";
import type { EventRecord } from "@lotty/domain";
import { textArray } from "../sql/array-literal.ts";
import type { SqlConnection } from "../sql/sql-pool.ts";
import { EVENT_COLUMNS, toEvent } from "./event-row.ts";

const STORED = `SELECT ${EVENT_COLUMNS} FROM events
WHERE (environment_id, event_id) IN (SELECT * FROM unnest($1::uuid[], $2::text[]))`;

/** Which of some events, whose ids are all taken, say something else than what was kept under their ids. */
export async function findConflicts(
  connection: SqlConnection,
  events: readonly EventRecord[],
): Promise<ReadonlySet<EventRecord>> {
  if (events.length === 0) return new Set();
  const { rows } = await connection.query({
    text: STORED,
    values: [
      textArray(events.map(({ environmentId }) => environmentId)),
      textArray(events.map(({ eventId }) => eventId)),
    ],
  });
  const stored = new Map(rows.map(toEvent).map((event) => [keyOf(event), event]));
  return new Set(
    events.filter((event) => {
      const kept = stored.get(keyOf(event));
      return kept !== undefined && !saysTheSame(kept, event);
    }),
  );
}

function keyOf({ environmentId, eventId }: EventRecord): string {
  return `${environmentId} ${eventId}`;
}

function saysTheSame(kept: EventRecord, sent: EventRecord): boolean {
  // A time ahead of ours became that of the arrival, which differs when an event is sent again.
  const sameTime =
    kept.occurredAt === sent.occurredAt || (kept.occurredAt === kept.receivedAt && sent.occurredAt > kept.receivedAt);
  return sameTime && isDeepStrictEqual(contentOf(kept), contentOf(sent));
}

function contentOf({ decisionId, eventType, properties, subjectId, value }: EventRecord): unknown {
  // As it comes back from the database: -0 as 0, and without the prototype of whoever made it.
  return [eventType, subjectId, decisionId, value === 0 ? 0 : value, JSON.parse(JSON.stringify(properties))];
}
