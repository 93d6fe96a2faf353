import type { SqlConnection } from "../sql/sql-pool.ts";

/** What the primary metrics of plans are split by. Segments are kept as JSON texts; those with a NUL cannot be asked for, nor stored. */
const WANTED = `SELECT DISTINCT m.environment_id, m.experiment_id, m.metric_id, m.metric_version, named.value #>> '{}' AS name
FROM measured_metrics AS m
JOIN analysis_plans AS p ON p.environment_id = m.environment_id AND p.experiment_id = m.experiment_id
CROSS JOIN LATERAL json_array_elements(p.plan -> 'primary') AS planned
CROSS JOIN LATERAL json_array_elements(p.plan -> 'segments') AS named
WHERE (planned.value ->> 'metricId')::uuid = m.metric_id AND (planned.value ->> 'metricVersion')::integer = m.metric_version
  AND strpos(named.value::text, '\\u0000') = 0`;

const OF_SEGMENT = (one: string, other: string): string =>
  ["environment_id", "experiment_id", "metric_id", "metric_version", "name"]
    .map((column) => `${one}.${column} = ${other}.${column}`)
    .join(" AND ");

const FORGET = `WITH wanted AS MATERIALIZED (${WANTED}), forgotten AS (
  DELETE FROM measured_segments AS s WHERE NOT EXISTS (SELECT FROM wanted WHERE ${OF_SEGMENT("wanted", "s")}) RETURNING s.*
)
DELETE FROM segment_rollups AS r USING forgotten AS f WHERE ${OF_SEGMENT("r", "f")}`;

/** A day that is being summed up is waited for, and named again. */
const ADD = `WITH added AS (
  INSERT INTO measured_segments (environment_id, experiment_id, metric_id, metric_version, name)
  SELECT * FROM (${WANTED}) AS wanted ORDER BY 1, 2, 3, 4, 5 ON CONFLICT DO NOTHING RETURNING *
)
INSERT INTO stale_rollups AS stale (environment_id, experiment_id, metric_id, metric_version, cohort_day)
SELECT DISTINCT d.environment_id, d.experiment_id, d.metric_id, d.metric_version, d.cohort_day FROM (
  SELECT environment_id, experiment_id, metric_id, metric_version, cohort_day FROM rollups
  UNION ALL SELECT environment_id, experiment_id, metric_id, metric_version, cohort_day FROM stale_rollups
) AS d
JOIN added AS a ON a.environment_id = d.environment_id AND a.experiment_id = d.experiment_id AND a.metric_id = d.metric_id
  AND a.metric_version = d.metric_version
ORDER BY 1, 2, 3, 4, 5
ON CONFLICT (environment_id, experiment_id, metric_id, metric_version, cohort_day)
  DO UPDATE SET cohort_day = excluded.cohort_day WHERE false`;

/**
 * Waits for whoever is summing days up, and keeps them from it until the end of the transaction: a day is summed up by the segments that are noted when
 * that begins. Before anything else in a transaction.
 */
export async function awaitSums(connection: SqlConnection): Promise<void> {
  await connection.query({ text: "LOCK TABLE measured_segments IN EXCLUSIVE MODE" });
}

/** Takes note of what the metrics that are measured are split by, and forgets what they no longer are. Inside of a transaction, after {@link awaitSums}. */
export async function noteSegments(connection: SqlConnection): Promise<void> {
  await connection.query({ text: FORGET });
  await connection.query({ text: ADD });
}
