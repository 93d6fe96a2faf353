import type { Metric, MetricCatalogue } from "@lotty/domain";
import { guarded } from "../database-error.ts";
import { runStatement, type SqlPool } from "../sql/sql-pool.ts";
import { METRIC_COLUMNS, METRIC_TABLES, toMetric } from "./metric-row.ts";

const LIST = `SELECT ${METRIC_COLUMNS} FROM ${METRIC_TABLES} AND v.version = m.version
WHERE m.environment_id = $1 ORDER BY m.key`;

const FIND = `SELECT ${METRIC_COLUMNS} FROM ${METRIC_TABLES} AND v.version = coalesce($3::integer, m.version)
WHERE m.environment_id = $1 AND m.id = $2`;

/** Reads the catalogue of metrics from Postgres or PGlite. */
export class PgMetricCatalogue implements MetricCatalogue {
  readonly #pool: SqlPool;

  constructor(pool: SqlPool) {
    this.#pool = pool;
  }

  list(environmentId: string): Promise<readonly Metric[]> {
    return guarded(async () => {
      const { rows } = await runStatement(this.#pool, { text: LIST, values: [environmentId] });
      return rows.map(toMetric);
    });
  }

  find(environmentId: string, metricId: string, version?: number): Promise<Metric | undefined> {
    return guarded(async () => {
      const values = [environmentId, metricId, version ?? null];
      const { rows } = await runStatement(this.#pool, { text: FIND, values });
      return rows.map(toMetric)[0];
    });
  }
}
