import type { Migration } from "./migration.ts";
import { ASSIGN_AND_ANSWER, LOCK_AND_COMPARE, WRITE_DECISIONS } from "./recording-function.ts";

/**
 * The function that writes a batch of decisions in one round trip and one transaction.
 *
 * `c_*` has one element per request that says what its assignments rest on: a fingerprint (the subject's experiment ids,
 * sorted, joined by commas) when it creates assignments, else null. `d_*` has one element per decision; `d_known` marks
 * assignments that must exist already.
 *
 * Requests that create assignments are serialised per subject by advisory locks, taken in one global order so that batches
 * never wait for each other in a circle. Each statement after the locks sees what was committed before they were granted
 * (READ COMMITTED, and the function is volatile), so the comparison with the fingerprint is final. A request is refused when
 * the fingerprint does not fit, when an earlier request of the same batch creates assignments for its subject, or when an
 * assignment that must exist does not. Of a refused request nothing is written and its subject's history is returned, with
 * one row of nulls for an empty one - unless all its decisions are stored already: then it is a repetition and was committed.
 *
 * Rows are written in the order of their keys, for the same reason as the locks. Assignments follow from the decisions that
 * were new: a decision that is stored already changes nothing.
 */
export const recordDecisions: Migration = {
  name: "0003_record_decisions",
  sql: `
CREATE FUNCTION lotty_record_decisions(
  c_request integer[], c_environment uuid[], c_subject text[], c_fingerprint text[],
  d_request integer[], d_known boolean[], d_id uuid[], d_environment uuid[], d_flag text[], d_subject text[],
  d_experiment uuid[], d_variant uuid[], d_value text[], d_reason text[], d_flag_version integer[],
  d_experiment_version integer[], d_digest text[], d_hash_version smallint[], d_decided_at bigint[]
${LOCK_AND_COMPARE}      FROM unnest(d_request, d_known, d_environment, d_subject, d_experiment)
        AS d (request, known, environment, subject, experiment)
      WHERE d.known AND NOT EXISTS (
        SELECT 1 FROM assignments AS a
        WHERE a.environment_id = d.environment AND a.subject_id = d.subject AND a.experiment_id = d.experiment
      )
    ) AS r;
  END IF;

${WRITE_DECISIONS}${ASSIGN_AND_ANSWER}`,
};
