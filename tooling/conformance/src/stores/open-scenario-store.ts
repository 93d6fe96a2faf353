import { openEmbedded, openPostgres, type Storage } from "@lotty/persistence";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestDatabase } from "@lotty/testkit/servers/postgres";
import { provideTestServers } from "@lotty/test-servers";
import { createMemoryStore } from "./memory-store.ts";
import type { ScenarioStore } from "./scenario-store.ts";
import { createSqlStore } from "./sql-store.ts";

/** The stores that scenarios can run on. */
export const STORE_NAMES = ["memory", "pglite", "postgres"] as const;

/** One of {@link STORE_NAMES}. */
export type StoreName = (typeof STORE_NAMES)[number];

/** Whether a text names a store. */
export function isStoreName(text: string): text is StoreName {
  return STORE_NAMES.some((name) => name === text);
}

/** Opens an empty store for scenarios. */
export async function openScenarioStore(name: StoreName): Promise<ScenarioStore> {
  switch (name) {
    case "memory":
      return createMemoryStore();
    case "pglite":
      return migrated(await openEmbedded({ directory: "memory", logger: new RecordingLogger() }), async () => {});
    case "postgres":
      return openOnPostgres();
  }
}

async function openOnPostgres(): Promise<ScenarioStore> {
  const servers = await provideTestServers();
  Object.assign(process.env, servers.env);
  const database = await createTestDatabase();
  const storage = await openPostgres({ url: database.url, logger: new RecordingLogger() });
  return migrated(storage, async () => {
    await database.drop();
    await servers.stop();
  });
}

async function migrated(storage: Storage, release: () => Promise<void>): Promise<ScenarioStore> {
  await storage.migrate();
  return createSqlStore(storage, release);
}
