import { WRITE_ALL_BUT_REFUSED } from "./0003-record-decisions.ts";
import type { Migration } from "./migration.ts";

/**
 * The function of step 3 with `d_held`: the variant that the stored assignment must have, or null where any will do. Without it a
 * process that had kept an old history could give the subject of a sticky experiment a variant that another process had replaced
 * before the experiment became sticky.
 *
 * The function with one parameter less stays: processes of the version before call it during an update.
 */
export const checkHeldVariants: Migration = {
  name: "0004_check_held_variants",
  sql: `
CREATE FUNCTION lotty_record_decisions(
  c_request integer[], c_environment uuid[], c_subject text[], c_fingerprint text[],
  d_request integer[], d_known boolean[], d_held uuid[], d_id uuid[], d_environment uuid[], d_flag text[], d_subject text[],
  d_experiment uuid[], d_variant uuid[], d_value text[], d_reason text[], d_flag_version integer[],
  d_experiment_version integer[], d_digest text[], d_hash_version smallint[], d_decided_at bigint[]
) RETURNS TABLE (
  request integer, experiment_id uuid, variant_id uuid, first_decided_at bigint, last_decided_at bigint
) LANGUAGE plpgsql VOLATILE AS $function$
#variable_conflict use_column
DECLARE
  refused integer[] := '{}';
BEGIN
  IF cardinality(c_request) > 0 THEN
    PERFORM pg_advisory_xact_lock(k.key)
    FROM (
      SELECT DISTINCT hashtextextended(c.environment::text || c.subject, 0) AS key
      FROM unnest(c_environment, c_subject, c_fingerprint) AS c (environment, subject, fingerprint)
      WHERE c.fingerprint IS NOT NULL
      ORDER BY 1
    ) AS k;

    WITH checked AS (
      SELECT c.request, c.environment, c.subject, c.fingerprint = coalesce((
        SELECT string_agg(a.experiment_id::text, ',' ORDER BY a.experiment_id)
        FROM assignments AS a
        WHERE a.environment_id = c.environment AND a.subject_id = c.subject
      ), '') AS fits
      FROM unnest(c_request, c_environment, c_subject, c_fingerprint) AS c (request, environment, subject, fingerprint)
      WHERE c.fingerprint IS NOT NULL
    ), placed AS (
      SELECT request, fits, row_number() OVER (PARTITION BY environment, subject, fits ORDER BY request) AS place
      FROM checked
    )
    SELECT coalesce(array_agg(r.request), '{}') INTO refused
    FROM (
      SELECT p.request FROM placed AS p WHERE NOT p.fits OR p.place > 1
      UNION
      SELECT d.request
      FROM unnest(d_request, d_known, d_held, d_environment, d_subject, d_experiment)
        AS d (request, known, held, environment, subject, experiment)
      WHERE (d.known OR d.held IS NOT NULL) AND NOT EXISTS (
        SELECT 1 FROM assignments AS a
        WHERE a.environment_id = d.environment AND a.subject_id = d.subject AND a.experiment_id = d.experiment
          AND (d.held IS NULL OR a.variant_id = d.held)
      )
    ) AS r;
  END IF;

${WRITE_ALL_BUT_REFUSED}`,
};
