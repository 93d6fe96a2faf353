import { instantOf, microsOf } from "../sql/instant-sql.ts";
import type { Migration } from "./migration.ts";

/**
 * Kill switch, rules of flags, segments, and which rule gave the value of a decision.
 *
 * Everything is quick however large the log is: the new column has no default, and the wider check on reasons is not made
 * for the rows that are there, all of which pass it.
 *
 * The recording function is that of step 4 with `d_rule`. The ones with fewer parameters stay: processes of the versions
 * before call them during an update, and what they write names no rule.
 */
export const flagRulesAndSegments: Migration = {
  name: "0005_flag_rules_and_segments",
  sql: `
ALTER TABLE flags
  ADD COLUMN enabled boolean NOT NULL DEFAULT true,
  ADD COLUMN rules json NOT NULL DEFAULT '[]';

CREATE TABLE segments (
  id uuid PRIMARY KEY,
  environment_id uuid NOT NULL REFERENCES environments,
  key text COLLATE "C" NOT NULL,
  rule json NOT NULL,
  version integer NOT NULL CHECK (version >= 1),
  updated_at timestamptz NOT NULL,
  UNIQUE (environment_id, key) DEFERRABLE
);

CREATE TABLE segment_versions (
  environment_id uuid NOT NULL REFERENCES environments,
  segment_id uuid NOT NULL,
  revision bigint NOT NULL,
  version integer NOT NULL,
  definition json NOT NULL,
  PRIMARY KEY (segment_id, revision)
);
COMMENT ON TABLE segment_versions IS 'Every segment as it was written, by the revision that wrote it';

ALTER TABLE decisions
  ADD COLUMN rule_id uuid,
  DROP CONSTRAINT decisions_reason_check;
ALTER TABLE decisions
  ADD CONSTRAINT decisions_reason_check CHECK (reason IN (
    'flag_not_found', 'flag_disabled', 'no_active_experiment', 'targeting_mismatch', 'participation_limit',
    'domain_conflict', 'outside_traffic_allocation', 'no_variants', 'experiment_assigned'
  )) NOT VALID;

CREATE FUNCTION lotty_record_decisions(
  c_request integer[], c_environment uuid[], c_subject text[], c_fingerprint text[],
  d_request integer[], d_known boolean[], d_held uuid[], d_id uuid[], d_environment uuid[], d_flag text[], d_subject text[],
  d_experiment uuid[], d_variant uuid[], d_value text[], d_reason text[], d_rule uuid[], d_flag_version integer[],
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

  WITH written AS (
    INSERT INTO decisions (
      decision_id, environment_id, experiment_id, variant_id, decided_at, flag_version, experiment_version, hash_version,
      attributes_digest, reason, flag_key, subject_id, value, rule_id
    )
    SELECT d.id, d.environment, d.experiment, d.variant, ${instantOf("d.decided_at")}, d.flag_version,
      d.experiment_version, d.hash_version, decode(d.digest, 'hex'), d.reason, d.flag, d.subject, d.value, d.rule
    FROM unnest(
      d_request, d_id, d_environment, d_flag, d_subject, d_experiment, d_variant, d_value, d_reason, d_rule,
      d_flag_version, d_experiment_version, d_digest, d_hash_version, d_decided_at
    ) AS d (
      request, id, environment, flag, subject, experiment, variant, value, reason, rule,
      flag_version, experiment_version, digest, hash_version, decided_at
    )
    WHERE d.request <> ALL (refused)
    ORDER BY d.id
    ON CONFLICT DO NOTHING
    RETURNING decision_id, environment_id, subject_id, experiment_id, variant_id, reason, decided_at
  )
  INSERT INTO assignments AS held (
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
`,
};
