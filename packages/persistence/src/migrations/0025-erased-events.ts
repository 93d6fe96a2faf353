import type { Migration } from "./migration.ts";

/** How many events an erasure has made anonymous. Of those before nobody counted. */
export const erasedEvents: Migration = {
  name: "0025_erased_events",
  sql: `
ALTER TABLE erasures ADD COLUMN events bigint CHECK (events >= 0);
COMMENT ON COLUMN erasures.events IS 'NULL where events were not counted yet';
`,
};
