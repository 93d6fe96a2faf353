import { LottyError, type Logger } from "@lotty/domain";
import type { Storage } from "@lotty/persistence";

/**
 * Brings the schema up to this version. Rivals that do so at the same time wait for each other.
 *
 * @throws LottyError `schema_mismatch` when a newer version migrated the database, `database_unavailable`
 */
export async function migrateSchema(storage: Storage, logger: Logger): Promise<void> {
  const { applied } = await storage.migrate();
  if (applied.length > 0) logger.info("schema_migrated", { applied, location: storage.location });
}

/**
 * Makes sure that the schema is the one this version needs, without changing it.
 *
 * @throws LottyError `schema_mismatch`, `database_unavailable`
 */
export async function requireSchema(storage: Storage): Promise<void> {
  const { pending, unknown } = await storage.schemaState();
  if (unknown.length > 0) {
    throw new LottyError(
      "schema_mismatch",
      `${storage.location} was migrated by a newer version: use that version here`,
      {
        details: { unknown },
      },
    );
  }
  if (pending.length > 0) {
    throw new LottyError(
      "schema_mismatch",
      `${storage.location} lacks tables of this version: run "lotty migrate" first`,
      {
        details: { pending },
      },
    );
  }
}
