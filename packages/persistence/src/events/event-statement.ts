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

/** Verdicts on events that are kept, and on exposures that are kept only where somebody was told that they are safe. */
const WELCOME = "'plain', 'exposed', 'pending'";
const UNWELCOME = "'wrong_subject', 'not_assigned'";

/** Of several events with one id in a batch the first counts. */
const write = (kept: string): string => `candidate AS MATERIALIZED (
  SELECT DISTINCT ON (environment_id, event_id) * FROM judged
  WHERE verdict IN (${kept}) ORDER BY environment_id, event_id, n
), taken AS (
  INSERT INTO events (environment_id, event_id, event_type, subject_id, decision_id, occurred_at, received_at, value, properties)
  SELECT environment_id, event_id, event_type, subject_id, decision_id, occurred_at, received_at, value, properties FROM candidate
  ORDER BY environment_id, event_id
  ON CONFLICT (environment_id, event_id) DO NOTHING RETURNING environment_id, event_id, subject_id, received_at
), noted AS (
  ${noteSubjects("taken")}
)`;

/** Rows of those that were not simply taken: `n` counts from 1. */
const answer = (kept: string): string => `SELECT judged.n, CASE WHEN judged.verdict NOT IN (${kept}) THEN judged.verdict
    WHEN taken.event_id IS NULL THEN 'duplicate' ELSE judged.verdict END AS verdict
FROM judged
LEFT JOIN candidate ON candidate.n = judged.n
LEFT JOIN taken ON taken.environment_id = candidate.environment_id AND taken.event_id = candidate.event_id
WHERE taken.event_id IS NULL OR judged.verdict NOT IN ('plain', 'exposed')`;

const PLAIN = `WITH ${GIVEN}, judged AS (SELECT *, 'plain'::text AS verdict FROM given), ${write(WELCOME)}
${answer(WELCOME)}`;

/** Exposures that are kept and do not fit are among those that wait, with the reason why they never count. */
const withExposures = (kept: string): string => `WITH ${GIVEN}, judged AS MATERIALIZED (
  SELECT given.*, found.experiment_id, found.variant_id, CASE WHEN given.segments IS NULL THEN 'plain' ELSE ${EXPOSURE_VERDICT} END AS verdict
  FROM given LEFT JOIN ${decisionNamedBy("CASE WHEN given.segments IS NULL THEN NULL ELSE given.decision_id END")} ON true
), ${write(kept)}, exposed AS (
  SELECT candidate.* FROM candidate JOIN taken USING (environment_id, event_id) WHERE candidate.verdict = 'exposed'
), first AS (
  ${takeExposures("exposed")}
), pending AS (
  INSERT INTO pending_exposures (environment_id, event_id, decision_id, subject_id, occurred_at, received_at, segments, outcome, next_try_at)
  SELECT environment_id, event_id, candidate.decision_id, candidate.subject_id, candidate.occurred_at, candidate.received_at,
    candidate.segments, CASE candidate.verdict WHEN 'pending' THEN NULL ELSE candidate.verdict END,
    CASE candidate.verdict WHEN 'pending' THEN candidate.received_at + ${FIRST_WAIT} END
  FROM candidate JOIN taken USING (environment_id, event_id) WHERE candidate.verdict NOT IN ('plain', 'exposed') ORDER BY environment_id, event_id
  ON CONFLICT DO NOTHING
)
${answer(kept)}`;

/** Whether exposures whose decision does not fit are refused, or kept as such that never count. */
export type Strictness = "strict" | "lenient";

const STATEMENTS: Readonly<Record<Strictness, Pick<SqlStatement, "name" | "text">>> = {
  strict: { name: "lotty_record_exposures", text: withExposures(WELCOME) },
  lenient: { name: "lotty_write_exposures", text: withExposures(`${WELCOME}, ${UNWELCOME}`) },
};

/**
 * The statement that keeps events, and first exposures with them. It gives a row `{n, verdict}` for every event that was not simply
 * taken, by its place from 1: `duplicate`, `pending` (taken, too), `wrong_subject`, `not_assigned` (taken where it is lenient).
 */
export function eventStatement(events: readonly EventRecord[], strictness: Strictness): SqlStatement {
  return {
    ...(events.some(isExposure) ? STATEMENTS[strictness] : { name: "lotty_record_events", text: PLAIN }),
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
