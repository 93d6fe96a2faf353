import { instantOf, microsOf } from "../sql/instant-sql.ts";

/*
 * The parts that the recording functions of several steps have in common. They stand in published steps, so they never change: a
 * function that differs gets a part of its own.
 */

/** What comes first: the locks, and the comparison of histories. Ends where the checks of single decisions begin. */
export const LOCK_AND_COMPARE: string = `) RETURNS TABLE (
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
`;

/** Checks that assignments are there that must exist, and that those that are repeated have the variant that is held. */
export const CHECK_HELD_VARIANTS: string = `      FROM unnest(d_request, d_known, d_held, d_environment, d_subject, d_experiment)
        AS d (request, known, held, environment, subject, experiment)
      WHERE (d.known OR d.held IS NOT NULL) AND NOT EXISTS (
        SELECT 1 FROM assignments AS a
        WHERE a.environment_id = d.environment AND a.subject_id = d.subject AND a.experiment_id = d.experiment
          AND (d.held IS NULL OR a.variant_id = d.held)
      )
    ) AS r;
  END IF;

`;

/** Writes the decisions of requests that are not refused; their rows go on as `written`. */
export const WRITE_DECISIONS: string = `  WITH written AS (
    INSERT INTO decisions (
      decision_id, environment_id, experiment_id, variant_id, decided_at, flag_version, experiment_version, hash_version,
      attributes_digest, reason, flag_key, subject_id, value
    )
    SELECT d.id, d.environment, d.experiment, d.variant, ${instantOf("d.decided_at")}, d.flag_version,
      d.experiment_version, d.hash_version, decode(d.digest, 'hex'), d.reason, d.flag, d.subject, d.value
    FROM unnest(
      d_request, d_id, d_environment, d_flag, d_subject, d_experiment, d_variant, d_value, d_reason, d_flag_version,
      d_experiment_version, d_digest, d_hash_version, d_decided_at
    ) AS d (
      request, id, environment, flag, subject, experiment, variant, value, reason, flag_version,
      experiment_version, digest, hash_version, decided_at
    )
    WHERE d.request <> ALL (refused)
    ORDER BY d.id
    ON CONFLICT DO NOTHING
    RETURNING decision_id, environment_id, subject_id, experiment_id, variant_id, reason, decided_at
  )
`;

/** What comes last: the assignments that follow from what was written, and the histories of refused requests. */
export const ASSIGN_AND_ANSWER: string = `  INSERT INTO assignments AS held (
    environment_id, subject_id, experiment_id, variant_id, first_decided_at, last_decided_at
  )
  SELECT w.environment_id, w.subject_id, w.experiment_id,
    (array_agg(w.variant_id ORDER BY w.decided_at DESC, w.decision_id DESC))[1], min(w.decided_at), max(w.decided_at)
  FROM written AS w
  WHERE w.reason = 'experiment_assigned'
  GROUP BY w.environment_id, w.subject_id, w.experiment_id
  ORDER BY w.environment_id, w.subject_id, w.experiment_id
  ON CONFLICT (environment_id, subject_id, experiment_id) DO UPDATE SET
    variant_id = CASE WHEN excluded.last_decided_at >= held.last_decided_at
      THEN excluded.variant_id ELSE held.variant_id END,
    first_decided_at = least(excluded.first_decided_at, held.first_decided_at),
    last_decided_at = greatest(excluded.last_decided_at, held.last_decided_at);

  IF cardinality(refused) > 0 THEN
    RETURN QUERY
    SELECT c.request, a.experiment_id, a.variant_id, ${microsOf("a.first_decided_at")}, ${microsOf("a.last_decided_at")}
    FROM unnest(c_request, c_environment, c_subject) AS c (request, environment, subject)
    LEFT JOIN assignments AS a ON a.environment_id = c.environment AND a.subject_id = c.subject
    WHERE c.request IN (
      SELECT d.request
      FROM unnest(d_request, d_id) AS d (request, id)
      WHERE d.request = ANY (refused)
        AND NOT EXISTS (SELECT 1 FROM decisions AS s WHERE s.decision_id = d.id)
    );
  END IF;
END
$function$;
`;
