import type { Migration } from "./migration.ts";

/**
 * What people say about flags and experiments, their reviews, who has to approve whose, and the chain of changes on record.
 *
 * What people write is `json`, which keeps every text as it is, as rules are. What is said goes with what it is about; only the
 * chain outlives everything and therefore refers to no other table. References are checked at the end of a change, so that
 * what is said may be written before what it is about.
 *
 * The chain only grows: the trigger stops whoever changes it by mistake, also the owner of the table, and in replication. Its
 * hashes are not computed here. `UNIQUE (previous_hash)` keeps it from ever having two ends, whoever writes and with whatever lock.
 */
export const controlPlane: Migration = {
  name: "0008_control_plane",
  sql: `
CREATE TABLE flag_details (
  environment_id uuid NOT NULL,
  flag_id uuid NOT NULL,
  description json,
  owner json,
  tags json NOT NULL,
  value_schema json,
  archived_at timestamptz,
  PRIMARY KEY (environment_id, flag_id),
  FOREIGN KEY (environment_id, flag_id) REFERENCES flags (environment_id, id) ON DELETE CASCADE DEFERRABLE
);

CREATE TABLE experiment_details (
  environment_id uuid NOT NULL,
  experiment_id uuid NOT NULL,
  hypothesis json,
  owner json,
  planned_days integer CHECK (planned_days >= 1),
  description json,
  authors json NOT NULL,
  submitted_by text COLLATE "C",
  content_version integer NOT NULL CHECK (content_version >= 1),
  proposal json,
  started_at timestamptz,
  completed_at timestamptz,
  outcome json,
  PRIMARY KEY (environment_id, experiment_id),
  FOREIGN KEY (environment_id, experiment_id) REFERENCES experiments (environment_id, id) ON DELETE CASCADE DEFERRABLE
);

CREATE TABLE reviews (
  environment_id uuid NOT NULL,
  id uuid NOT NULL,
  experiment_id uuid NOT NULL,
  reviewer_id text COLLATE "C" NOT NULL,
  reviewer_name json NOT NULL,
  verdict text NOT NULL CHECK (verdict IN ('approve', 'request_changes', 'reject')),
  comment json,
  version integer NOT NULL CHECK (version >= 1),
  at timestamptz NOT NULL,
  withdrawn_at timestamptz,
  PRIMARY KEY (environment_id, id),
  FOREIGN KEY (environment_id, experiment_id) REFERENCES experiments (environment_id, id) ON DELETE CASCADE DEFERRABLE
);
CREATE INDEX reviews_experiment ON reviews (environment_id, experiment_id, at, id);

CREATE TABLE approver_groups (
  environment_id uuid NOT NULL REFERENCES environments,
  id uuid NOT NULL,
  name text COLLATE "C" NOT NULL,
  minimum integer NOT NULL CHECK (minimum >= 1),
  PRIMARY KEY (environment_id, id),
  UNIQUE (environment_id, name) DEFERRABLE
);

CREATE TABLE approver_group_members (
  environment_id uuid NOT NULL,
  group_id uuid NOT NULL,
  part text NOT NULL CHECK (part IN ('experimenter', 'approver')),
  position integer NOT NULL CHECK (position >= 0),
  member_id text COLLATE "C" NOT NULL,
  PRIMARY KEY (environment_id, group_id, part, position),
  UNIQUE (environment_id, group_id, part, member_id),
  FOREIGN KEY (environment_id, group_id) REFERENCES approver_groups (environment_id, id) ON DELETE CASCADE
);

CREATE TABLE audit_log (
  sequence bigint PRIMARY KEY CHECK (sequence >= 1),
  id uuid NOT NULL UNIQUE,
  at timestamptz NOT NULL,
  environment_id uuid,
  actor_id text COLLATE "C" NOT NULL,
  actor_name text COLLATE "C" NOT NULL,
  actor_kind text NOT NULL,
  came_from text COLLATE "C",
  action text COLLATE "C" NOT NULL,
  entity_kind text COLLATE "C" NOT NULL,
  entity_id text COLLATE "C" NOT NULL,
  entity_key text COLLATE "C" NOT NULL,
  before json NOT NULL,
  after json NOT NULL,
  previous_hash text COLLATE "C" NOT NULL UNIQUE,
  hash text COLLATE "C" NOT NULL UNIQUE CHECK (hash ~ '^[0-9a-f]{64}$'),
  CHECK ((sequence = 1) = (previous_hash = repeat('0', 64)))
);
CREATE INDEX audit_log_time ON audit_log (at);
CREATE INDEX audit_log_entity ON audit_log (entity_kind, entity_id, sequence);
COMMENT ON TABLE audit_log IS 'Every change by people, in one chain: each row has the hash of the row before. It only grows';

CREATE FUNCTION lotty_refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
  RAISE EXCEPTION 'audit_log only grows: % is refused', TG_OP USING ERRCODE = 'restrict_violation';
END
$function$;
CREATE TRIGGER audit_log_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION lotty_refuse_audit_change();
ALTER TABLE audit_log ENABLE ALWAYS TRIGGER audit_log_only_grows;
`,
};
