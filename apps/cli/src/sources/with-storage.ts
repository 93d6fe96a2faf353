import type { openStorage } from "@lotty/runtime";
import { settingsOf } from "../settings.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** A database with its ports, whatever the state of its tables. */
export type OpenedStorage = Awaited<ReturnType<typeof openStorage>>;

/** Works with the database of the settings as it is, migrated or not, and lets go of it in the end. */
export async function withStorage<T>(terminal: Terminal, work: (storage: OpenedStorage) => Promise<T>): Promise<T> {
  const config = settingsOf(terminal);
  // Loaded here, so that commands that need no database do not wait half a second for it.
  const [runtime, { commandLogger }] = await Promise.all([
    import("@lotty/runtime"),
    import("../terminal/command-logger.ts"),
  ]);
  const storage = await runtime.openStorage(config.database, commandLogger(config, terminal));
  try {
    return await work(storage);
  } finally {
    await storage.close();
  }
}
