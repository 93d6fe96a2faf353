import type { Instant, Metric, MetricDefinition } from "@lotty/domain";
import { microsOf } from "../sql/instant-sql.ts";

/** A version of a metric as it is read. Only what the checks of the catalogue let through was written. */
export interface MetricRow {
  readonly environment_id: string;
  readonly id: string;
  readonly key: string;
  readonly version: number;
  readonly name: string;
  readonly description: string | null;
  readonly owner: string | null;
  readonly tags: readonly string[];
  readonly definition: MetricDefinition;
  readonly updated_at: Instant;
  readonly archived_at: Instant | null;
}

/** SQL of the columns of a {@link MetricRow}, of `metrics AS m` and `metric_versions AS v`. */
export const METRIC_COLUMNS: string = `m.environment_id, m.id, to_json(m.key) AS key, v.version, v.name, v.description, v.owner, v.tags,
  v.definition, ${microsOf("v.updated_at")} AS updated_at, ${microsOf("v.archived_at")} AS archived_at`;

/** SQL of the join that they are read from. */
export const METRIC_TABLES: string =
  "metrics AS m JOIN metric_versions AS v ON v.environment_id = m.environment_id AND v.metric_id = m.id";

/** A metric as it was kept. */
export function toMetric(row: MetricRow): Metric {
  return {
    id: row.id,
    environmentId: row.environment_id,
    key: row.key,
    name: row.name,
    description: row.description,
    owner: row.owner,
    tags: row.tags,
    definition: row.definition,
    version: row.version,
    updatedAt: row.updated_at,
    archivedAt: row.archived_at,
  };
}
