import type { Migration } from "./migration.ts";

/**
 * The log of decisions and the assignments that follow from it.
 *
 * `decisions` is partitioned on its own id, which carries the time, so the primary key needs no second column. It refers to
 * no other table: the log outlives what it speaks of. `assignments` is what decisions read, by the front of its primary key;
 * its rows change in place (no indexed column changes, and pages keep room for the new row version).
 */
export const decisions: Migration = {
  name: "0002_decisions",
  sql: `
CREATE TABLE decisions (
  decision_id uuid NOT NULL,
  environment_id uuid NOT NULL,
  experiment_id uuid,
  variant_id uuid,
  decided_at timestamptz NOT NULL,
  flag_version integer,
  experiment_version integer,
  hash_version smallint NOT NULL,
  attributes_digest bytea CHECK (octet_length(attributes_digest) = 32),
  reason text NOT NULL CHECK (reason IN (
    'flag_not_found', 'no_active_experiment', 'targeting_mismatch', 'participation_limit', 'domain_conflict',
    'outside_traffic_allocation', 'no_variants', 'experiment_assigned'
  )),
  flag_key text COLLATE "C" NOT NULL,
  subject_id text COLLATE "C" NOT NULL,
  value text NOT NULL,
  PRIMARY KEY (decision_id)
) PARTITION BY RANGE (decision_id);
CREATE INDEX decisions_subject ON decisions (environment_id, subject_id, decision_id);
CREATE TABLE decisions_strays PARTITION OF decisions DEFAULT;
COMMENT ON TABLE decisions_strays IS 'Decisions for whose day there was no partition, or whose id is no UUIDv7';

CREATE TABLE assignments (
  environment_id uuid NOT NULL,
  subject_id text COLLATE "C" NOT NULL,
  experiment_id uuid NOT NULL,
  variant_id uuid NOT NULL,
  first_decided_at timestamptz NOT NULL,
  last_decided_at timestamptz NOT NULL,
  PRIMARY KEY (environment_id, subject_id, experiment_id),
  FOREIGN KEY (environment_id, experiment_id) REFERENCES experiments (environment_id, id)
) WITH (fillfactor = 80);
`,
};
