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

/** Events of a subject that come in one row with those of the others; whoever has more is read apart. */
const EVENTS_AT_ONCE = 500;

/** Events of one subject that are in memory at a time. */
const FETCH_ROWS = 5_000;

/** In the order of time and id, so that sums do not depend on how rows lie on the disk. */
const ORDER = "ORDER BY e.occurred_at, e.event_id";

const TYPE = "array_position($5::text[], e.event_type::text)";

/**
 * One row for each subject, its events as a text that takes little to read. The limit keeps the planner, which may have no statistics yet,
 * from reading the events of everybody else.
 */
function eventsSql(withProperties: boolean): string {
  const properties = `json_agg(CASE WHEN e.event_type = ANY ($7::text[]) THEN e.properties END ${ORDER})`;
  return `SELECT s.n, own.* FROM unnest($2::text[], $3::bigint[], $4::bigint[]) WITH ORDINALITY AS s (subject_id, from_micros, to_micros, n)
CROSS JOIN LATERAL (
  SELECT count(*) AS events, string_agg(concat_ws(' ', ${TYPE}, ${microsOf("e.occurred_at")}, e.value), ',' ${ORDER}) AS log${withProperties ? `, ${properties} AS properties` : ""}
  FROM (
    SELECT * FROM events AS each WHERE each.environment_id = $1 AND each.subject_id = s.subject_id COLLATE "C"
      AND each.event_type = ANY ($5::text[])
      AND each.occurred_at >= ${instantOf("s.from_micros")} AND each.occurred_at < ${instantOf("s.to_micros")} LIMIT $6::integer
  ) AS e
) AS own WHERE own.events > 0`;
}

const EVENTS_OF_ONE = `DECLARE lotty_measured NO SCROLL CURSOR FOR
SELECT ${TYPE} AS type, ${microsOf("e.occurred_at")} AS occurred_at, e.value,
  CASE WHEN e.event_type = ANY ($6::text[]) THEN e.properties END AS properties
FROM events AS e WHERE e.environment_id = $1 AND e.subject_id = $2::text COLLATE "C" AND e.event_type = ANY ($5::text[])
  AND e.occurred_at >= ${instantOf("$3::bigint")} AND e.occurred_at < ${instantOf("$4::bigint")} ${ORDER}`;

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
  const { rows } = await connection.query({
    text: eventsSql(propertiesOf.length > 0),
    values: [
      environmentId,
      textArray(spans.map(({ subjectId }) => subjectId)),
      plainArray(spans.map(({ from }) => from)),
      plainArray(spans.map(({ to }) => to)),
      textArray(eventTypes),
      EVENTS_AT_ONCE + 1,
      ...(propertiesOf.length > 0 ? [textArray(propertiesOf)] : []),
    ],
  });
  for (const row of rows) {
    const index = Number(row["n"]) - 1;
    const span = spans[index];
    if (Number(row["events"]) <= EVENTS_AT_ONCE) takeAll(row, eventTypes, (event) => take(index, event));
    else if (span !== undefined) {
      const values = [
        environmentId,
        span.subjectId,
        span.from,
        span.to,
        textArray(eventTypes),
        textArray(propertiesOf),
      ];
      await readApart(connection, values, (read) => take(index, toMeasured(read, eventTypes)));
    }
  }
}

/** Hands over the events of a subject that has very many, some at a time. */
async function readApart(
  connection: SqlConnection,
  values: readonly unknown[],
  take: (row: SqlRow) => void,
): Promise<void> {
  await connection.query({ text: EVENTS_OF_ONE, values });
  for (let fetched = FETCH_ROWS; fetched === FETCH_ROWS;) {
    const { rows } = await connection.query({ text: `FETCH ${FETCH_ROWS} FROM lotty_measured` });
    for (const row of rows) take(row);
    fetched = rows.length;
  }
  await connection.query({ text: "CLOSE lotty_measured" });
}

function takeAll(row: SqlRow, eventTypes: readonly string[], take: (event: MeasuredEvent) => void): void {
  const { log, properties } = row;
  if (typeof log !== "string") return;
  const objects: readonly unknown[] = Array.isArray(properties) ? properties : [];
  for (const [index, event] of log.split(",").entries()) {
    const [type, occurredAt, value] = event.split(" ");
    take({
      eventType: eventTypes[Number(type) - 1] ?? "",
      occurredAt: Number(occurredAt),
      value: value === undefined ? null : Number(value),
      properties: jsonObjectOf(objects[index]),
    });
  }
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
