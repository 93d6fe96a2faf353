import type { Instant, MeasuredEvent } from "@lotty/domain";
import { plainArray, textArray } from "../sql/array-literal.ts";
import { instantOf, microsOf } from "../sql/instant-sql.ts";
import { jsonObjectOf } from "../sql/json-object-of.ts";
import type { SqlConnection, SqlRow } from "../sql/sql-pool.ts";

/** A subject and the time in which its events matter. */
export interface SubjectSpan {
  readonly subjectId: string;
  readonly from: Instant;
  /** Not part of it. */
  readonly to: Instant;
}

/** Whose events are read. */
export interface EventsQuestion {
  readonly environmentId: string;
  readonly spans: readonly SubjectSpan[];
  readonly eventTypes: readonly string[];
  /** Those of the types whose properties are needed; the others come without. */
  readonly propertiesOf: readonly string[];
}

/** Rows that are in memory at a time: some subjects have very many events. */
const FETCH_ROWS = 5_000;

/** In the order of time and id, so that sums do not depend on how rows lie on the disk. */
const EVENTS = `DECLARE lotty_measured NO SCROLL CURSOR FOR
SELECT s.n, array_position($5::text[], e.event_type::text) AS type, ${microsOf("e.occurred_at")} AS occurred_at, e.value,
  CASE WHEN e.event_type = ANY ($6::text[]) THEN e.properties END AS properties
FROM unnest($2::text[], $3::bigint[], $4::bigint[]) WITH ORDINALITY AS s (subject_id, from_micros, to_micros, n)
JOIN events AS e ON e.environment_id = $1 AND e.subject_id = s.subject_id COLLATE "C" AND e.event_type = ANY ($5::text[])
  AND e.occurred_at >= ${instantOf("s.from_micros")} AND e.occurred_at < ${instantOf("s.to_micros")}
ORDER BY s.n, e.occurred_at, e.event_id`;

/**
 * Hands over the events of some subjects, those of each in the order of time and id. Inside of a transaction.
 *
 * @param take called with the index of the subject
 */
export async function readSubjectEvents(
  connection: SqlConnection,
  { environmentId, eventTypes, propertiesOf, spans }: EventsQuestion,
  take: (index: number, event: MeasuredEvent) => void,
): Promise<void> {
  if (spans.length === 0 || eventTypes.length === 0) return;
  const values = [
    environmentId,
    textArray(spans.map(({ subjectId }) => subjectId)),
    plainArray(spans.map(({ from }) => from)),
    plainArray(spans.map(({ to }) => to)),
    textArray(eventTypes),
    textArray(propertiesOf),
  ];
  await connection.query({ text: EVENTS, values });
  for (let fetched = FETCH_ROWS; fetched === FETCH_ROWS;) {
    const { rows } = await connection.query({ text: `FETCH ${FETCH_ROWS} FROM lotty_measured` });
    for (const row of rows) take(Number(row["n"]) - 1, toMeasured(row, eventTypes));
    fetched = rows.length;
  }
  await connection.query({ text: "CLOSE lotty_measured" });
}

function toMeasured(row: SqlRow, eventTypes: readonly string[]): MeasuredEvent {
  const value = row["value"];
  return {
    eventType: eventTypes[Number(row["type"]) - 1] ?? "",
    occurredAt: Number(row["occurred_at"]),
    value: typeof value === "number" ? value : null,
    properties: jsonObjectOf(row["properties"]),
  };
}
