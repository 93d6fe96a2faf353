import type { Migration } from "./migration.ts";

/**
 * What experiments will be judged by: each plan as it is, as it was at every version, and what was changed of it after the start.
 *
 * A plan is one `json` value, as the domain has it: it is read and written whole. All of it goes with its experiment; references are
 * checked at the end of a change.
 */
export const analysisPlans: Migration = {
  name: "0017_analysis_plans",
  sql: `
CREATE TABLE analysis_plans (
  environment_id uuid NOT NULL,
  experiment_id uuid NOT NULL,
  version integer NOT NULL CHECK (version >= 1),
  plan json NOT NULL,
  PRIMARY KEY (environment_id, experiment_id),
  FOREIGN KEY (environment_id, experiment_id) REFERENCES experiments (environment_id, id) ON DELETE CASCADE DEFERRABLE
);

CREATE TABLE analysis_plan_versions (
  environment_id uuid NOT NULL,
  experiment_id uuid NOT NULL,
  version integer NOT NULL CHECK (version >= 1),
  plan json NOT NULL,
  PRIMARY KEY (environment_id, experiment_id, version),
  FOREIGN KEY (environment_id, experiment_id) REFERENCES experiments (environment_id, id) ON DELETE CASCADE DEFERRABLE
);

CREATE TABLE plan_deviations (
  environment_id uuid NOT NULL,
  experiment_id uuid NOT NULL,
  position integer GENERATED ALWAYS AS IDENTITY,
  deviation json NOT NULL,
  PRIMARY KEY (environment_id, experiment_id, position),
  FOREIGN KEY (environment_id, experiment_id) REFERENCES experiments (environment_id, id) ON DELETE CASCADE DEFERRABLE
);
`,
};
