import type { Migration } from "./migration.ts";

/**
 * Experiments that are rolled back, guardrails with what they saw and did, and ramp plans.
 *
 * Everything is quick however many experiments there are: a column with a constant default is not written to their rows.
 *
 * Firings and what became of them only grow, as the chain of changes does, and for the same reason refer to no other table: they
 * outlive what they are about. `UNIQUE` on the action keeps a firing from ever acting twice, whoever evaluates it.
 */
export const guardrails: Migration = {
  name: "0018_guardrails",
  sql: `
ALTER TABLE experiments
  ADD COLUMN rolled_back boolean NOT NULL DEFAULT false,
  ADD CONSTRAINT experiments_rolled_back_check CHECK (NOT rolled_back OR status = 'paused') NOT VALID;

CREATE TABLE guardrails (
  environment_id uuid NOT NULL,
  id uuid NOT NULL,
  experiment_id uuid NOT NULL,
  metric_id uuid NOT NULL,
  metric_version integer NOT NULL CHECK (metric_version >= 1),
  rule json NOT NULL,
  armed_at timestamptz,
  version integer NOT NULL CHECK (version >= 1),
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (environment_id, id),
  FOREIGN KEY (environment_id, experiment_id) REFERENCES experiments (environment_id, id) ON DELETE CASCADE DEFERRABLE
);
CREATE INDEX guardrails_experiment ON guardrails (environment_id, experiment_id, id);
COMMENT ON COLUMN guardrails.armed_at IS 'Only subjects first exposed from then on count: when a firing was last undone';

CREATE TABLE guardrail_evaluations (
  environment_id uuid NOT NULL,
  guardrail_id uuid NOT NULL,
  at timestamptz NOT NULL,
  evaluation json NOT NULL,
  PRIMARY KEY (environment_id, guardrail_id),
  FOREIGN KEY (environment_id, guardrail_id) REFERENCES guardrails (environment_id, id) ON DELETE CASCADE DEFERRABLE
);
COMMENT ON TABLE guardrail_evaluations IS 'What each guardrail saw last';

CREATE TABLE guardrail_firings (
  environment_id uuid NOT NULL,
  id uuid NOT NULL,
  guardrail_id uuid NOT NULL,
  experiment_id uuid NOT NULL,
  at timestamptz NOT NULL,
  guardrail json NOT NULL,
  evaluation json NOT NULL,
  PRIMARY KEY (environment_id, id)
);
CREATE INDEX guardrail_firings_experiment ON guardrail_firings (environment_id, experiment_id, at, id);
CREATE INDEX guardrail_firings_guardrail ON guardrail_firings (environment_id, guardrail_id, at, id);

CREATE TABLE guardrail_firing_steps (
  environment_id uuid NOT NULL,
  firing_id uuid NOT NULL,
  id uuid NOT NULL,
  at timestamptz NOT NULL,
  kind text NOT NULL CHECK (kind IN ('acted', 'failed', 'undone')),
  actor_name json NOT NULL,
  said json NOT NULL,
  PRIMARY KEY (environment_id, id)
);
CREATE INDEX guardrail_firing_steps_firing ON guardrail_firing_steps (environment_id, firing_id, at, id);
CREATE UNIQUE INDEX guardrail_firing_steps_once ON guardrail_firing_steps (environment_id, firing_id, kind)
  WHERE kind <> 'failed';

CREATE FUNCTION lotty_refuse_firing_change() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
  RAISE EXCEPTION '% only grows: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END
$function$;
CREATE TRIGGER guardrail_firings_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON guardrail_firings
  FOR EACH STATEMENT EXECUTE FUNCTION lotty_refuse_firing_change();
ALTER TABLE guardrail_firings ENABLE ALWAYS TRIGGER guardrail_firings_only_grow;
CREATE TRIGGER guardrail_firing_steps_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON guardrail_firing_steps
  FOR EACH STATEMENT EXECUTE FUNCTION lotty_refuse_firing_change();
ALTER TABLE guardrail_firing_steps ENABLE ALWAYS TRIGGER guardrail_firing_steps_only_grow;

CREATE TABLE ramp_plans (
  environment_id uuid NOT NULL,
  experiment_id uuid NOT NULL,
  steps json NOT NULL,
  held boolean NOT NULL,
  since timestamptz,
  version integer NOT NULL CHECK (version >= 1),
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (environment_id, experiment_id),
  FOREIGN KEY (environment_id, experiment_id) REFERENCES experiments (environment_id, id) ON DELETE CASCADE DEFERRABLE
);
COMMENT ON COLUMN ramp_plans.since IS 'When the step in force began, as far as the plan took it; null before the first';
`,
};
