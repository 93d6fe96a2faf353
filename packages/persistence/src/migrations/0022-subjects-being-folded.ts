import type { Migration } from "./migration.ts";

/**
 * Subjects that are being measured are taken off the list first, so that whoever writes events of theirs meanwhile waits for nothing: that puts
 * them on the list again. A row stays when the process that measures is ended, and whoever comes next goes on with it. Whoever measures holds its row, so
 * that nobody else measures the subject at the same time, or erases it.
 */
export const subjectsBeingFolded: Migration = {
  name: "0022_subjects_being_folded",
  sql: `
CREATE TABLE subjects_being_folded (
  environment_id uuid NOT NULL,
  received_at timestamptz NOT NULL,
  subject_id text COLLATE "C" NOT NULL,
  PRIMARY KEY (environment_id, subject_id)
);
COMMENT ON TABLE subjects_being_folded IS 'Subjects that were taken off the list of those to fold, until their measures are written';
`,
};
