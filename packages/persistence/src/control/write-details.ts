import { LottyError, type ExperimentDetails, type FlagDetails } from "@lotty/domain";
import type { WriteScope } from "../configuration/write-scope.ts";
import { checkEncodable, instantOrNull, jsonOrNull } from "./written-values.ts";

/**
 * Writes what is said about flags that exist.
 *
 * @throws LottyError `database_rejected` for one that does not
 */
export async function putFlagDetails({ knex }: WriteScope, details: readonly FlagDetails[]): Promise<void> {
  for (const each of details) {
    const written = await knex("flag_identities")
      .where({ id: each.flagId })
      .update({
        description: jsonOrNull(each.description),
        owner: jsonOrNull(each.owner),
        tags: JSON.stringify(each.tags),
        value_schema: jsonOrNull(each.valueSchema),
        archived_at: instantOrNull(knex, each.archivedAt),
      });
    if (written === 1) continue;
    throw new LottyError("database_rejected", "Something is said about a flag that does not exist", {
      details: { flagId: each.flagId },
    });
  }
}

/** Inserts or replaces what is said about experiments. */
export async function putExperimentDetails(
  { environmentId, knex }: WriteScope,
  details: readonly ExperimentDetails[],
): Promise<void> {
  if (details.length === 0) return;
  checkEncodable(
    "experiment_details",
    details.map(({ submittedBy }) => submittedBy),
  );
  const rows = details.map((each) => ({
    environment_id: environmentId,
    experiment_id: each.experimentId,
    hypothesis: jsonOrNull(each.hypothesis),
    owner: jsonOrNull(each.owner),
    planned_days: each.plannedDays,
    description: jsonOrNull(each.description),
    authors: JSON.stringify(each.authors),
    submitted_by: each.submittedBy,
    content_version: each.contentVersion,
    proposal: jsonOrNull(each.proposal),
    started_at: instantOrNull(knex, each.startedAt),
    completed_at: instantOrNull(knex, each.completedAt),
    outcome: jsonOrNull(each.outcome),
  }));
  await knex("experiment_details").insert(rows).onConflict(["environment_id", "experiment_id"]).merge();
}
