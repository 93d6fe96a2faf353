/**
 * SQL of a row source `found`: the decision that a row of another source names, if it is on record. The limit keeps the planner from reading
 * the whole log where it should look at one partition for each row.
 *
 * @param decisionId the column that names it
 */
export function decisionNamedBy(decisionId: string): string {
  return `LATERAL (
    SELECT d.environment_id, d.subject_id, d.experiment_id, d.variant_id, d.reason FROM decisions AS d WHERE d.decision_id = ${decisionId} LIMIT 1
  ) AS found`;
}

/** SQL that judges an exposure `given` by the decision `found` for it. */
export const EXPOSURE_VERDICT = `CASE
    WHEN found.reason IS NULL THEN 'pending'
    WHEN found.environment_id <> given.environment_id OR found.subject_id <> given.subject_id THEN 'wrong_subject'
    WHEN found.reason <> 'experiment_assigned' THEN 'not_assigned'
    ELSE 'exposed' END`;

/**
 * SQL that takes exposures into account for who was first exposed to what. The earliest by time and id counts, whatever the
 * order of arrival; another variant than that of the others excludes the subject for good.
 *
 * @param exposed source with the columns of `first_exposures`, `occurred_at` for the time, and `COLLATE "C"` texts
 */
export function takeExposures(exposed: string): string {
  return `INSERT INTO first_exposures AS held
    (environment_id, experiment_id, subject_id, variant_id, first_exposed_at, decision_id, event_id, segments, several)
  SELECT DISTINCT ON (environment_id, experiment_id, subject_id)
    environment_id, experiment_id, subject_id, variant_id, occurred_at, decision_id, event_id, segments,
    min(variant_id::text) OVER of_subject <> max(variant_id::text) OVER of_subject
  FROM ${exposed}
  WINDOW of_subject AS (PARTITION BY environment_id, experiment_id, subject_id)
  ORDER BY environment_id, experiment_id, subject_id, occurred_at, event_id
  ON CONFLICT (environment_id, experiment_id, subject_id) DO UPDATE SET
    several = held.several OR excluded.several OR held.variant_id <> excluded.variant_id,
    (variant_id, first_exposed_at, decision_id, event_id, segments) = (
      SELECT each.* FROM (VALUES
        (held.variant_id, held.first_exposed_at, held.decision_id, held.event_id, held.segments),
        (excluded.variant_id, excluded.first_exposed_at, excluded.decision_id, excluded.event_id, excluded.segments)
      ) AS each (variant_id, first_exposed_at, decision_id, event_id, segments)
      ORDER BY each.first_exposed_at, each.event_id LIMIT 1
    )
  WHERE (excluded.first_exposed_at, excluded.event_id) < (held.first_exposed_at, held.event_id)
    OR (NOT held.several AND (excluded.several OR held.variant_id <> excluded.variant_id))`;
}

/**
 * SQL that notes whose measures have to be computed anew. A subject that is noted already is locked all the same: whoever
 * computes it waits for this transaction, or this one for them.
 *
 * @param touched source with `environment_id`, `subject_id` and `received_at`
 */
export function noteSubjects(touched: string): string {
  return `INSERT INTO subjects_to_fold AS waiting (environment_id, subject_id, received_at)
  SELECT environment_id, subject_id, min(received_at) FROM ${touched}
  GROUP BY environment_id, subject_id ORDER BY environment_id, subject_id
  ON CONFLICT (environment_id, subject_id) DO UPDATE SET received_at = excluded.received_at
  WHERE waiting.received_at > excluded.received_at`;
}
