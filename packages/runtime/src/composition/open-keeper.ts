import type { Config } from "@lotty/config";
import type { ConfigurationKeeper, Logger } from "@lotty/domain";
import { FileConfigurationKeeper } from "@lotty/persistence";
import type { Role } from "./runtime.ts";

/**
 * Opens what keeps the last good configuration; `null` where none is needed: an embedded database is never away, and only
 * an API goes on without its database. Nor is there one when nothing may be kept on disk.
 */
export function openKeeper(
  { database, dataDirectory }: Config,
  role: Role,
  logger: Logger,
): ConfigurationKeeper | null {
  if (role !== "api" || database.kind !== "postgres" || dataDirectory === null) return null;
  return new FileConfigurationKeeper({ directory: dataDirectory, url: database.url.reveal(), logger });
}
