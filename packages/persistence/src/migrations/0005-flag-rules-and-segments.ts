import { instantOf } from "../sql/instant-sql.ts";
import type { Migration } from "./migration.ts";
import { ASSIGN_AND_ANSWER, CHECK_HELD_VARIANTS, LOCK_AND_COMPARE } from "./recording-function.ts";

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
${LOCK_AND_COMPARE}${CHECK_HELD_VARIANTS}  WITH written AS (
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
${ASSIGN_AND_ANSWER}`,
};
