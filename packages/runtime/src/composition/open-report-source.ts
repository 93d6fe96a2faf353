import type { DatabaseConfig } from "@lotty/config";
import type { Logger } from "@lotty/domain";
import { embeddedReportSource, openEmbedded, postgresReportSource, type ReportSource } from "@lotty/persistence";
import { migrateSchema } from "./prepare-schema.ts";

/** How long a report on an embedded database may take; it does not stop by itself. */
const EMBEDDED_TIMEOUT_MILLIS = 60_000;

/**
 * Opens what reports are read from: the replica that a configuration names, else the database. A Postgres is never written to
 * and never migrated, and one that is away is no error yet; an embedded database is brought up to this version.
 *
 * @throws LottyError `data_directory_in_use`, `database_unavailable`, `schema_mismatch`, for an embedded database
 */
export async function openReportSource(config: DatabaseConfig, logger: Logger): Promise<ReportSource> {
  if (config.kind === "postgres") {
    const { connectTimeoutMillis, replicaUrl, reportTimeoutMillis, url } = config;
    return postgresReportSource({
      url: (replicaUrl ?? url).reveal(),
      timeoutMillis: reportTimeoutMillis,
      connectTimeoutMillis,
      logger,
    });
  }
  const storage = await openEmbedded({ directory: config.directory, logger });
  try {
    await migrateSchema(storage, logger);
  } catch (error) {
    await storage.close();
    throw error;
  }
  return embeddedReportSource(storage, EMBEDDED_TIMEOUT_MILLIS);
}
