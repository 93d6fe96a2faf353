import { momentColumns, type MetricDefinition } from "@lotty/domain";
import type { SqlConnection } from "../sql/sql-pool.ts";
import type { KnownDefinitions } from "./known-definitions.ts";
import { measureValues, OF_MEASURE, type MeasureKey } from "./measure-key.ts";
import { momentsSql } from "./moments-sql.ts";
import { segmentSql } from "./subject-segment.ts";

const LOCK = `SELECT environment_id, experiment_id, metric_id, metric_version, cohort_day::text AS cohort_day FROM stale_rollups
ORDER BY environment_id, experiment_id, metric_id, metric_version, cohort_day LIMIT $1 FOR UPDATE SKIP LOCKED`;

/** What days are split by does not change meanwhile; see `awaitSums`. */
const KEEP_SEGMENTS = "LOCK TABLE measured_segments IN ROW SHARE MODE";

const CLEAR = `DELETE FROM rollups WHERE ${OF_MEASURE} AND cohort_day = $5::date`;

const CLEAR_SEGMENTS = `DELETE FROM segment_rollups WHERE ${OF_MEASURE} AND cohort_day = $5::date`;

const SEGMENTS = `SELECT to_json(name) AS name FROM measured_segments WHERE ${OF_MEASURE} ORDER BY measured_segments.name`;

const DONE = `DELETE FROM stale_rollups WHERE ${OF_MEASURE} AND cohort_day = $5::date`;

/**
 * Sums up some of the days whose sums are wrong, anew from the measures of their subjects. Inside of a transaction.
 *
 * @returns how many
 */
export async function rollUp(connection: SqlConnection, limit: number, known: KnownDefinitions): Promise<number> {
  await connection.query({ text: KEEP_SEGMENTS });
  const { rows } = await connection.query({ text: LOCK, values: [limit] });
  for (const row of rows) {
    const key: MeasureKey = {
      environmentId: String(row["environment_id"]),
      experimentId: String(row["experiment_id"]),
      metricId: String(row["metric_id"]),
      metricVersion: Number(row["metric_version"]),
    };
    const values = [...measureValues(key), String(row["cohort_day"])];
    const definition = await known.definition(connection, key);
    await connection.query({ text: CLEAR, values });
    await connection.query({ text: CLEAR_SEGMENTS, values });
    if (definition !== undefined) {
      await connection.query({ text: sumUp(definition), values });
      await sumUpSegments(connection, key, { definition, values });
    }
    await connection.query({ text: DONE, values });
  }
  return rows.length;
}

async function sumUpSegments(
  connection: SqlConnection,
  key: MeasureKey,
  { definition, values }: { readonly definition: MetricDefinition; readonly values: readonly unknown[] },
): Promise<void> {
  const { rows } = await connection.query({ text: SEGMENTS, values: [...measureValues(key)] });
  for (const row of rows) {
    await connection.query({ text: sumUpSegment(definition), values: [...values, String(row["name"])] });
  }
}

function sumUpSegment(definition: MetricDefinition): string {
  const columns = momentColumns(definition);
  return `INSERT INTO segment_rollups (environment_id, experiment_id, metric_id, metric_version, cohort_day, variant_id, name, segment, n, mean, m2)
SELECT $1::uuid, $2::uuid, $3::uuid, $4::integer, $5::date, variant_id, $6::text, segment, ${momentsSql(columns)} FROM (
  SELECT s.variant_id, ${segmentSql("$6::text")} AS segment, ${columns.map((column) => `s.${column}`).join(", ")}
  FROM subject_metrics AS s
  JOIN first_exposures AS f ON f.environment_id = $1 AND f.experiment_id = $2 AND f.subject_id = s.subject_id
  WHERE s.environment_id = $1 AND s.experiment_id = $2 AND s.metric_id = $3 AND s.metric_version = $4
    AND s.cohort_day = $5::date AND s.value IS NOT NULL
  OFFSET 0
) AS chosen GROUP BY variant_id, segment`;
}

function sumUp(definition: MetricDefinition): string {
  return `INSERT INTO rollups (environment_id, experiment_id, metric_id, metric_version, cohort_day, variant_id, n, mean, m2)
SELECT $1::uuid, $2::uuid, $3::uuid, $4::integer, $5::date, variant_id, ${momentsSql(momentColumns(definition))}
FROM subject_metrics WHERE ${OF_MEASURE} AND cohort_day = $5::date AND value IS NOT NULL GROUP BY variant_id`;
}
