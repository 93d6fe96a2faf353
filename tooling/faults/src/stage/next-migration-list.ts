/** The steps of the schema as the next version might have them. See next-version.ts. */

interface Step {
  readonly name: string;
  readonly sql: string;
}

/** The name of the step that the next version adds. */
const STEP_NAME = "9999_next_version";

/** What an update usually does: columns and an index. The version before can live with all of it. */
const NEXT: Step = {
  name: STEP_NAME,
  sql: `
    ALTER TABLE decisions ADD COLUMN next_note text;
    ALTER TABLE assignments ADD COLUMN next_count integer NOT NULL DEFAULT 0;
    CREATE INDEX next_assignments ON assignments (experiment_id, last_decided_at);
  `,
};

const { MIGRATIONS: known } = (await import(new URL(import.meta.url).searchParams.get("of") ?? "")) as {
  readonly MIGRATIONS: readonly Step[];
};

export const MIGRATIONS: readonly Step[] = [...known, NEXT];
