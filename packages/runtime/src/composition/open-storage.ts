import type { DatabaseConfig } from "@lotty/config";
import type { Logger } from "@lotty/domain";
import { openEmbedded, openPostgres, type Storage } from "@lotty/persistence";

/**
 * Opens the database that a configuration names, as it is: nothing is migrated. A Postgres that is away is no error yet.
 *
 * @throws LottyError `data_directory_in_use`, `database_unavailable`
 */
export function openStorage(config: DatabaseConfig, logger: Logger): Promise<Storage> {
  if (config.kind === "embedded") return openEmbedded({ directory: config.directory, logger });
  return openPostgres({
    url: config.url.reveal(),
    ...(config.replicaUrl !== null && { replicaUrl: config.replicaUrl.reveal() }),
    poolSize: config.poolSize,
    statementTimeoutMillis: config.statementTimeoutMillis,
    connectTimeoutMillis: config.connectTimeoutMillis,
    logger,
  });
}
