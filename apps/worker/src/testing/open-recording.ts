import { describeFaults, loadConfig, type Config } from "@lotty/config";
import type { Logger } from "@lotty/domain";
import { openRuntime, type Runtime } from "@lotty/runtime";
import { createTestDatabase } from "@lotty/testkit/servers/postgres";
import { Client } from "pg";

/** A process beside the workers that queues decisions, and a look into the database where they end up. */
export interface Recording {
  readonly config: Config;
  /** The settings of the workers. */
  readonly environment: Readonly<Record<string, string>>;
  readonly runtime: Runtime;
  readonly redis: NonNullable<Runtime["redis"]>;
  readonly pg: Client;
  close(): Promise<void>;
}

/** Opens one on a new database and the Redis that the settings name. */
export async function openRecording(settings: Record<string, string>, logger: Logger): Promise<Recording> {
  const database = await createTestDatabase();
  const environment = { DATABASE_URL: database.url, WORKER_PORT: "0", ...settings };
  const config = configOf({ LOTTY_DATA_DIR: "memory", ...environment });
  const runtime = await openRuntime(config, { role: "worker", logger });
  await runtime.ready;
  const { redis } = runtime;
  if (redis === null) throw new Error("The test sets REDIS_URL.");
  const pg = new Client({ connectionString: database.url });
  await pg.connect();
  return {
    config,
    environment,
    runtime,
    redis,
    pg,
    close: async () => {
      await runtime.close();
      await pg.end();
      await database.drop();
    },
  };
}

function configOf(environment: Record<string, string>): Config {
  const loaded = loadConfig(environment);
  if (!loaded.ok) throw new Error(describeFaults(loaded.faults));
  return loaded.config;
}
