import { EXPOSURE_EVENT_TYPE, exposureSegments, type EventRecord } from "@lotty/domain";
import { plainArray, textArray } from "../sql/array-literal.ts";
import { instantOf } from "../sql/instant-sql.ts";
import type { SqlStatement } from "../sql/sql-pool.ts";
import { decisionNamedBy, EXPOSURE_VERDICT, noteSubjects, takeExposures } from "./exposure-sql.ts";

/** How long an exposure waits before its decision is looked for again. */
const FIRST_WAIT = "interval '2 seconds'";

const GIVEN = `given AS MATERIALIZED (
  SELECT environment_id, event_id COLLATE "C" AS event_id, event_type COLLATE "C" AS event_type, subject_id COLLATE "C" AS subject_id, decision_id,
    ${instantOf("occurred_at")} AS occurred_at, ${instantOf("received_at")} AS received_at, value, properties::json AS properties,
    segments::json AS segments, n
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::uuid[], $6::bigint[], $7::bigint[], $8::double precision[], $9::text[], $10::text[])
    WITH ORDINALITY AS sent (environment_id, event_id, event_type, subject_id, decision_id, occurred_at, received_at, value, properties, segments, n)
)`;

/** Of several events with one id in a batch the first counts. */
const WRITE = `candidate AS MATERIALIZED (
  SELECT DISTINCT ON (environment_id, event_id) * FROM judged
  WHERE verdict IN ('plain', 'exposed', 'pending') ORDER BY environment_id, event_id, n
), taken AS (
  INSERT INTO events (environment_id, event_id, event_type, subject_id, decision_id, occurred_at, received_at, value, properties)
  SELECT environment_id, event_id, event_type, subject_id, decision_id, occurred_at, received_at, value, properties FROM candidate
  ORDER BY environment_id, event_id
  ON CONFLICT (environment_id, event_id) DO NOTHING RETURNING environment_id, event_id, subject_id, received_at
), noted AS (
  ${noteSubjects("taken")}
)`;

/** Rows of those that were not simply taken: `n` counts from 1. */
const ANSWER = `SELECT judged.n, CASE WHEN judged.verdict NOT IN ('plain', 'exposed', 'pending') THEN judged.verdict
    WHEN taken.event_id IS NULL THEN 'duplicate' ELSE judged.verdict END AS verdict
FROM judged
LEFT JOIN candidate ON candidate.n = judged.n
LEFT JOIN taken ON taken.environment_id = candidate.environment_id AND taken.event_id = candidate.event_id
WHERE taken.event_id IS NULL OR judged.verdict = 'pending'`;

const PLAIN = `WITH ${GIVEN}, judged AS (SELECT *, 'plain'::text AS verdict FROM given), ${WRITE}
${ANSWER}`;

const WITH_EXPOSURES = `WITH ${GIVEN}, judged AS MATERIALIZED (
  SELECT given.*, found.experiment_id, found.variant_id, CASE WHEN given.segments IS NULL THEN 'plain' ELSE ${EXPOSURE_VERDICT} END AS verdict
  FROM given LEFT JOIN ${decisionNamedBy("CASE WHEN given.segments IS NULL THEN NULL ELSE given.decision_id END")} ON true
), ${WRITE}, exposed AS (
  SELECT candidate.* FROM candidate JOIN taken USING (environment_id, event_id) WHERE candidate.verdict = 'exposed'
), first AS (
  ${takeExposures("exposed")}
), pending AS (
  INSERT INTO pending_exposures (environment_id, event_id, decision_id, subject_id, occurred_at, received_at, segments, next_try_at)
  SELECT environment_id, event_id, candidate.decision_id, candidate.subject_id, candidate.occurred_at, candidate.received_at,
    candidate.segments, candidate.received_at + ${FIRST_WAIT}
  FROM candidate JOIN taken USING (environment_id, event_id) WHERE candidate.verdict = 'pending' ORDER BY environment_id, event_id
  ON CONFLICT DO NOTHING
)
${ANSWER}`;

/**
 * The statement that keeps events, and first exposures with them. It gives a row `{n, verdict}` for every event that was not simply
 * taken, by its place from 1: `duplicate`, `pending` (taken, too), `wrong_subject`, `not_assigned`.
 */
export function eventStatement(events: readonly EventRecord[]): SqlStatement {
  const exposes = events.some(isExposure);
  return {
    name: exposes ? "lotty_record_exposures" : "lotty_record_events",
    text: exposes ? WITH_EXPOSURES : PLAIN,
    values: [
      textArray(events.map(({ environmentId }) => environmentId)),
      textArray(events.map(({ eventId }) => eventId)),
      textArray(events.map(({ eventType }) => eventType)),
      textArray(events.map(({ subjectId }) => subjectId)),
      textArray(events.map(({ decisionId }) => decisionId)),
      plainArray(events.map(({ occurredAt }) => occurredAt)),
      plainArray(events.map(({ receivedAt }) => receivedAt)),
      plainArray(events.map(({ value }) => value)),
      textArray(events.map(({ properties }) => JSON.stringify(properties))),
      textArray(events.map((event) => (isExposure(event) ? JSON.stringify(exposureSegments(event.properties)) : null))),
    ],
  };
}

function isExposure({ eventType }: EventRecord): boolean {
  return eventType === EXPOSURE_EVENT_TYPE;
}
