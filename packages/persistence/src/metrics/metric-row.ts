import type { Metric } from "@lotty/domain";
import { microsOf } from "../sql/instant-sql.ts";
import type { SqlRow } from "../sql/sql-pool.ts";

/** SQL of the columns that {@link toMetric} reads, of `metrics AS m` and `metric_versions AS v`. */
export const METRIC_COLUMNS: string = `m.environment_id, m.id, to_json(m.key) AS key, v.version, v.name, v.description, v.owner, v.tags,
  v.definition, ${microsOf("v.updated_at")} AS updated_at, ${microsOf("v.archived_at")} AS archived_at`;

/** SQL of the join that they are read from. */
export const METRIC_TABLES: string =
  "metrics AS m JOIN metric_versions AS v ON v.environment_id = m.environment_id AND v.metric_id = m.id";

/** A metric as it was kept. Only what the checks of the catalogue let through was written. */
export function toMetric(row: SqlRow): Metric {
  return {
    id: String(row["id"]),
    environmentId: String(row["environment_id"]),
    key: String(row["key"]),
    name: String(row["name"]),
    description: textOrNull(row["description"]),
    owner: textOrNull(row["owner"]),
    tags: row["tags"] as Metric["tags"],
    definition: row["definition"] as Metric["definition"],
    version: Number(row["version"]),
    updatedAt: Number(row["updated_at"]),
    archivedAt: row["archived_at"] === null ? null : Number(row["archived_at"]),
  };
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
