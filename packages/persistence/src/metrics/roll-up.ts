import { momentColumns, type MetricDefinition } from "@lotty/domain";
import type { SqlConnection } from "../sql/sql-pool.ts";
import type { KnownDefinitions } from "./known-definitions.ts";
import { measureValues, OF_MEASURE, type MeasureKey } from "./measure-key.ts";
import { momentsSql } from "./moments-sql.ts";

const LOCK = `SELECT environment_id, experiment_id, metric_id, metric_version, cohort_day::text AS cohort_day FROM stale_rollups
ORDER BY environment_id, experiment_id, metric_id, metric_version, cohort_day LIMIT $1 FOR UPDATE SKIP LOCKED`;

const CLEAR = `DELETE FROM rollups WHERE ${OF_MEASURE} AND cohort_day = $5::date`;

const DONE = `DELETE FROM stale_rollups WHERE ${OF_MEASURE} AND cohort_day = $5::date`;

/**
 * Sums up some of the days whose sums are wrong, anew from the measures of their subjects. Inside of a transaction.
 *
 * @returns how many
 */
export async function rollUp(connection: SqlConnection, limit: number, known: KnownDefinitions): Promise<number> {
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
    if (definition !== undefined) await connection.query({ text: sumUp(definition), values });
    await connection.query({ text: DONE, values });
  }
  return rows.length;
}

function sumUp(definition: MetricDefinition): string {
  return `INSERT INTO rollups (environment_id, experiment_id, metric_id, metric_version, cohort_day, variant_id, n, mean, m2)
SELECT $1::uuid, $2::uuid, $3::uuid, $4::integer, $5::date, variant_id, ${momentsSql(momentColumns(definition))}
FROM subject_metrics WHERE ${OF_MEASURE} AND cohort_day = $5::date AND value IS NOT NULL GROUP BY variant_id`;
}
