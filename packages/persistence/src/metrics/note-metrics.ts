import type { SqlConnection } from "../sql/sql-pool.ts";
import { awaitSums, noteSegments } from "./note-segments.ts";

/** What experiments are to be measured by: what their plans and guardrails name, as far as the catalogue has it. */
const WANTED = `SELECT DISTINCT named.environment_id, named.experiment_id, v.metric_id, v.version AS metric_version
FROM (
  SELECT p.environment_id, p.experiment_id, (planned.value ->> 'metricId')::uuid AS metric_id,
    (planned.value ->> 'metricVersion')::integer AS metric_version
  FROM analysis_plans AS p
  CROSS JOIN LATERAL (
    SELECT value FROM json_array_elements(p.plan -> 'primary')
    UNION ALL SELECT value FROM json_array_elements(p.plan -> 'secondary')
    UNION ALL SELECT value FROM json_array_elements(p.plan -> 'guardrails')
  ) AS planned
  UNION ALL
  SELECT environment_id, experiment_id, metric_id, metric_version FROM guardrails
) AS named
JOIN metric_versions AS v ON v.environment_id = named.environment_id AND v.metric_id = named.metric_id AND v.version = named.metric_version`;

const ADD = `INSERT INTO measured_metrics (environment_id, experiment_id, metric_id, metric_version)
SELECT * FROM (${WANTED}) AS wanted ORDER BY 1, 2, 3, 4 ON CONFLICT DO NOTHING`;

const FORGET = `WITH wanted AS MATERIALIZED (${WANTED}), forgotten AS (
  DELETE FROM measured_metrics AS m WHERE NOT EXISTS (
    SELECT FROM wanted WHERE wanted.environment_id = m.environment_id AND wanted.experiment_id = m.experiment_id
      AND wanted.metric_id = m.metric_id AND wanted.metric_version = m.metric_version
  ) RETURNING m.*
), sums AS (
  DELETE FROM rollups AS r USING forgotten AS f WHERE r.environment_id = f.environment_id AND r.experiment_id = f.experiment_id
    AND r.metric_id = f.metric_id AND r.metric_version = f.metric_version
), stale AS (
  DELETE FROM stale_rollups AS r USING forgotten AS f WHERE r.environment_id = f.environment_id AND r.experiment_id = f.experiment_id
    AND r.metric_id = f.metric_id AND r.metric_version = f.metric_version
)
DELETE FROM subject_metrics AS s USING forgotten AS f WHERE s.environment_id = f.environment_id AND s.experiment_id = f.experiment_id
  AND s.metric_id = f.metric_id AND s.metric_version = f.metric_version`;

/** Takes note of metrics that plans and guardrails name since, and forgets what was measured by those that none names any more. Inside of a transaction. */
export async function noteMetrics(connection: SqlConnection): Promise<void> {
  await awaitSums(connection);
  await connection.query({ text: FORGET });
  await connection.query({ text: ADD });
  await noteSegments(connection);
}

const NEXT = `SELECT environment_id, experiment_id, to_json(queued_through) AS through FROM measured_metrics WHERE queued_at IS NULL
ORDER BY environment_id, experiment_id, queued_through LIMIT 1 FOR UPDATE SKIP LOCKED`;

/** A subject that is on the list already is locked all the same: who is at it may not know of the metric yet. */
const QUEUE = `WITH page AS MATERIALIZED (
  SELECT subject_id FROM first_exposures WHERE environment_id = $1 AND experiment_id = $2 AND subject_id > $3::text
  ORDER BY subject_id LIMIT $4
), queued AS (
  INSERT INTO subjects_to_fold AS waiting (environment_id, subject_id, received_at)
  SELECT $1::uuid, subject_id, clock_timestamp() FROM page ORDER BY subject_id
  ON CONFLICT (environment_id, subject_id) DO UPDATE SET received_at = waiting.received_at WHERE false
)
SELECT count(*) AS queued, to_json(max(subject_id)) AS last FROM page`;

const GO_ON = `UPDATE measured_metrics SET queued_through = $4, queued_at = CASE WHEN $5 THEN clock_timestamp() END
WHERE environment_id = $1 AND experiment_id = $2 AND queued_through = $3 AND queued_at IS NULL`;

/**
 * Puts some subjects that were exposed before their experiment was measured by a metric on the list of those to be measured. Inside of a
 * transaction.
 *
 * @returns whether any metric waits for that
 */
export async function queueEarlier(connection: SqlConnection, limit: number): Promise<boolean> {
  const { rows } = await connection.query({ text: NEXT });
  const [next] = rows;
  if (next === undefined) return false;
  const through = String(next["through"]);
  const of = [next["environment_id"], next["experiment_id"], through];
  const { rows: counted } = await connection.query({ text: QUEUE, values: [...of, limit] });
  const queued = Number(counted[0]?.["queued"]);
  const last = queued === 0 ? through : String(counted[0]?.["last"]);
  await connection.query({ text: GO_ON, values: [...of, last, queued < limit] });
  return true;
}
