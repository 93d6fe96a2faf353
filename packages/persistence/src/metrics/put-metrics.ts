import type { Metric } from "@lotty/domain";
import type { WriteScope } from "../configuration/write-scope.ts";
import { checkEncodable, instantOrNull, jsonOrNull } from "../control/written-values.ts";

/** Inserts metrics or gives them their next version; earlier versions stay. */
export async function putMetrics({ environmentId, knex }: WriteScope, metrics: readonly Metric[]): Promise<void> {
  if (metrics.length === 0) return;
  checkEncodable(
    "metrics",
    metrics.map(({ key }) => key),
  );
  await knex("metrics")
    .insert(metrics.map(({ id, key, version }) => ({ environment_id: environmentId, id, key, version })))
    .onConflict(["environment_id", "id"])
    .merge(["key", "version"]);
  await knex("metric_versions").insert(
    metrics.map((metric) => ({
      environment_id: environmentId,
      metric_id: metric.id,
      version: metric.version,
      name: JSON.stringify(metric.name),
      description: jsonOrNull(metric.description),
      owner: jsonOrNull(metric.owner),
      tags: JSON.stringify(metric.tags),
      definition: JSON.stringify(metric.definition),
      updated_at: instantOrNull(knex, metric.updatedAt),
      archived_at: instantOrNull(knex, metric.archivedAt),
    })),
  );
}
