import type { LaunchCertificate, LaunchCertificates } from "@lotty/domain";
import type { Knex } from "knex";
import type { WriteScope } from "../configuration/write-scope.ts";
import { guarded } from "../database-error.ts";
import { instantOrNull } from "./written-values.ts";

/** Looks up launch certificates in Postgres or PGlite. */
export class PgLaunchCertificates implements LaunchCertificates {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  latest(environmentId: string, experimentId: string): Promise<LaunchCertificate | undefined> {
    return guarded(async () => {
      const rows: { certificate: LaunchCertificate }[] = await this.#knex("launch_certificates")
        .where({ environment_id: environmentId, experiment_id: experimentId })
        .orderBy([
          { column: "computed_at", order: "desc" },
          { column: "experiment_version", order: "desc" },
        ])
        .limit(1)
        .select("certificate");
      return rows[0]?.certificate;
    });
  }

  missing(limit: number): Promise<readonly { readonly environmentId: string; readonly experimentId: string }[]> {
    return guarded(async () => {
      const { rows } = await this.#knex.raw<{
        rows: readonly { readonly environment_id: string; readonly id: string }[];
      }>(MISSING, { limit });
      return rows.map((row) => ({ environmentId: row.environment_id, experimentId: row.id }));
    });
  }
}

/** Of an experiment of which nothing was ever said, the content is that of its version. */
const MISSING = `
SELECT experiments.environment_id, experiments.id FROM experiments
  LEFT JOIN experiment_details AS said ON said.environment_id = experiments.environment_id AND said.experiment_id = experiments.id
  LEFT JOIN analysis_plans AS plan ON plan.environment_id = experiments.environment_id AND plan.experiment_id = experiments.id
WHERE experiments.status IN ('in_review', 'approved') AND NOT EXISTS (
  SELECT FROM launch_certificates AS known
  WHERE known.environment_id = experiments.environment_id AND known.experiment_id = experiments.id
    AND known.content_version = coalesce(said.content_version, experiments.version)
    AND known.plan_version IS NOT DISTINCT FROM plan.version
)
ORDER BY experiments.updated_at, experiments.id LIMIT :limit`;

/** Inserts certificates, or replaces those of the same versions. */
export async function putLaunchCertificates(
  { environmentId, knex }: WriteScope,
  certificates: readonly LaunchCertificate[],
): Promise<void> {
  if (certificates.length === 0) return;
  const rows = certificates.map((each) => ({
    environment_id: environmentId,
    experiment_id: each.experimentId,
    experiment_version: each.experimentVersion,
    content_version: each.contentVersion,
    plan_version: each.planVersion,
    computed_at: instantOrNull(knex, each.computedAt),
    certificate: JSON.stringify(each),
  }));
  await knex("launch_certificates")
    .insert(rows)
    .onConflict(["environment_id", "experiment_id", "experiment_version"])
    .merge();
}
