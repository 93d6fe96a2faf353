import type { Config } from "@lotty/config";
import type { ConfigurationKeeper, EnvironmentKeeper, EventTypeKeeper, Logger } from "@lotty/domain";
import { FileConfigurationKeeper, FileEnvironmentKeeper, FileEventTypeKeeper } from "@lotty/persistence";
import type { Role } from "./runtime.ts";

/** What keeps the last good configuration of every environment. */
export interface Keepers {
  readonly environments: EnvironmentKeeper;
  readonly eventTypes: EventTypeKeeper;
  /** A new keeper of the configuration of one environment. */
  configuration(): ConfigurationKeeper;
  /** Finishes what is being kept. */
  close(): Promise<void>;
}

/**
 * Opens what keeps the last good configuration; `null` where none is needed: an embedded database is never away, and only
 * an API goes on without its database. Nor is there one when nothing may be kept on disk.
 */
export function openKeepers({ database, dataDirectory }: Config, role: Role, logger: Logger): Keepers | null {
  if (role !== "api" || database.kind !== "postgres" || dataDirectory === null) return null;
  const options = { directory: dataDirectory, url: database.url.reveal(), logger };
  const environments = new FileEnvironmentKeeper(options);
  const eventTypes = new FileEventTypeKeeper(options);
  const configurations: FileConfigurationKeeper[] = [];
  return {
    environments,
    eventTypes,
    configuration: () => {
      const keeper = new FileConfigurationKeeper(options);
      configurations.push(keeper);
      return keeper;
    },
    close: async () => {
      await Promise.all([environments, eventTypes, ...configurations].map((keeper) => keeper.close()));
    },
  };
}
