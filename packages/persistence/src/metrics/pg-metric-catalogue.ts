import type { Metric, MetricCatalogue } from "@lotty/domain";
import type { Knex } from "knex";
import { guarded } from "../database-error.ts";
import { METRIC_COLUMNS, METRIC_TABLES, toMetric, type MetricRow } from "./metric-row.ts";

const LIST = `SELECT ${METRIC_COLUMNS} FROM ${METRIC_TABLES} AND v.version = m.version
WHERE m.environment_id = :environment ORDER BY m.key`;

const FIND = `SELECT ${METRIC_COLUMNS} FROM ${METRIC_TABLES} AND v.version = coalesce(CAST(:version AS integer), m.version)
WHERE m.environment_id = :environment AND m.id = :metric`;

/** Reads the catalogue of metrics from Postgres or PGlite. */
export class PgMetricCatalogue implements MetricCatalogue {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  list(environmentId: string): Promise<readonly Metric[]> {
    return this.#read(LIST, { environment: environmentId });
  }

  async find(environmentId: string, metricId: string, version?: number): Promise<Metric | undefined> {
    return (await this.#read(FIND, { environment: environmentId, metric: metricId, version: version ?? null }))[0];
  }

  #read(text: string, values: Readonly<Record<string, string | number | null>>): Promise<readonly Metric[]> {
    return guarded(async () => {
      const { rows } = await this.#knex.raw<{ rows: readonly MetricRow[] }>(text, values);
      return rows.map(toMetric);
    });
  }
}
