import type { Migration } from "./migration.ts";

/** Launch certificates, one for each version of an experiment that one was computed for. They go with their experiments. */
export const launchCertificates: Migration = {
  name: "0021_launch_certificates",
  sql: `
CREATE TABLE launch_certificates (
  environment_id uuid NOT NULL,
  experiment_id uuid NOT NULL,
  experiment_version integer NOT NULL CHECK (experiment_version >= 1),
  content_version integer NOT NULL CHECK (content_version >= 1),
  plan_version integer CHECK (plan_version >= 1),
  computed_at timestamptz NOT NULL,
  certificate json NOT NULL,
  PRIMARY KEY (environment_id, experiment_id, experiment_version),
  FOREIGN KEY (environment_id, experiment_id) REFERENCES experiments (environment_id, id) ON DELETE CASCADE DEFERRABLE
);
`,
};
