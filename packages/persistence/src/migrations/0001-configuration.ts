import { DEFAULT_ENVIRONMENT_ID, DEFAULT_ENVIRONMENT_KEY } from "@lotty/domain";
import type { Migration } from "./migration.ts";

/**
 * Flags, experiments, variants and conflict domains with the versions they had.
 *
 * Names are compared byte by byte (`COLLATE "C"`), so that no upgrade of the operating system reorders an index. Values are
 * `json`, not `jsonb`: the text stays as it is, and `\u0000` is allowed. Names are checked at the end of a transaction, so
 * that one change may hand a name over. What was a version of an experiment stays when the experiment goes.
 */
export const configuration: Migration = {
  name: "0001_configuration",
  sql: `
CREATE TABLE environments (
  id uuid PRIMARY KEY,
  key text COLLATE "C" NOT NULL UNIQUE,
  revision bigint NOT NULL DEFAULT 0 CHECK (revision >= 0),
  created_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO environments (id, key) VALUES ('${DEFAULT_ENVIRONMENT_ID}', '${DEFAULT_ENVIRONMENT_KEY}');

CREATE TABLE flags (
  id uuid PRIMARY KEY,
  environment_id uuid NOT NULL REFERENCES environments,
  key text COLLATE "C" NOT NULL,
  value_type text NOT NULL CHECK (value_type IN ('boolean', 'string', 'number', 'json')),
  default_value json NOT NULL,
  version integer NOT NULL CHECK (version >= 1),
  updated_at timestamptz NOT NULL,
  UNIQUE (environment_id, key) DEFERRABLE,
  UNIQUE (environment_id, id)
);

CREATE TABLE experiments (
  id uuid PRIMARY KEY,
  environment_id uuid NOT NULL,
  key text COLLATE "C" NOT NULL,
  flag_id uuid NOT NULL,
  status text NOT NULL CHECK (status IN ('draft', 'in_review', 'approved', 'running', 'paused', 'completed', 'archived', 'rejected')),
  version integer NOT NULL CHECK (version >= 1),
  updated_at timestamptz NOT NULL,
  targeting_rules json,
  traffic_allocation integer NOT NULL CHECK (traffic_allocation BETWEEN 0 AND 10000),
  hash_version smallint NOT NULL CHECK (hash_version >= 1),
  sticky_assignment boolean NOT NULL,
  UNIQUE (environment_id, key) DEFERRABLE,
  UNIQUE (environment_id, id),
  FOREIGN KEY (environment_id, flag_id) REFERENCES flags (environment_id, id) DEFERRABLE
);
CREATE UNIQUE INDEX experiments_one_active_per_flag ON experiments (flag_id)
  WHERE status IN ('running', 'paused');
CREATE INDEX experiments_flag ON experiments (environment_id, flag_id);

CREATE TABLE variants (
  id uuid PRIMARY KEY,
  environment_id uuid NOT NULL,
  experiment_id uuid NOT NULL,
  position integer NOT NULL CHECK (position >= 0),
  name text COLLATE "C" NOT NULL,
  value json NOT NULL,
  weight bigint NOT NULL CHECK (weight >= 0),
  is_control boolean NOT NULL,
  UNIQUE (experiment_id, name),
  UNIQUE (experiment_id, position),
  FOREIGN KEY (environment_id, experiment_id) REFERENCES experiments (environment_id, id) ON DELETE CASCADE
);

CREATE TABLE conflict_domains (
  id uuid PRIMARY KEY,
  environment_id uuid NOT NULL REFERENCES environments,
  key text COLLATE "C" NOT NULL,
  UNIQUE (environment_id, key) DEFERRABLE,
  UNIQUE (environment_id, id)
);

CREATE TABLE domain_members (
  environment_id uuid NOT NULL,
  domain_id uuid NOT NULL,
  experiment_id uuid NOT NULL,
  priority integer NOT NULL,
  PRIMARY KEY (domain_id, experiment_id),
  FOREIGN KEY (environment_id, domain_id) REFERENCES conflict_domains (environment_id, id) ON DELETE CASCADE,
  FOREIGN KEY (environment_id, experiment_id) REFERENCES experiments (environment_id, id) ON DELETE CASCADE
);
CREATE INDEX domain_members_experiment ON domain_members (experiment_id);

CREATE TABLE flag_versions (
  environment_id uuid NOT NULL REFERENCES environments,
  flag_id uuid NOT NULL,
  revision bigint NOT NULL,
  version integer NOT NULL,
  definition json NOT NULL,
  PRIMARY KEY (flag_id, revision)
);
COMMENT ON TABLE flag_versions IS 'Every flag as it was written, by the revision that wrote it';

CREATE TABLE experiment_versions (
  environment_id uuid NOT NULL REFERENCES environments,
  experiment_id uuid NOT NULL,
  revision bigint NOT NULL,
  version integer NOT NULL,
  definition json NOT NULL,
  PRIMARY KEY (experiment_id, revision)
);
COMMENT ON TABLE experiment_versions IS 'Every experiment with its variants as it was written, by the revision that wrote it';

CREATE TABLE change_log (
  environment_id uuid NOT NULL REFERENCES environments,
  revision bigint NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  changes json NOT NULL,
  PRIMARY KEY (environment_id, revision)
);
COMMENT ON TABLE change_log IS 'One row per change of the configuration: which records were put and removed';
`,
};
