import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import type { Logger } from "@lotty/domain";
import { composeEmbedded } from "./compose-embedded.ts";
import { toDatabaseError } from "./database-error.ts";
import { lockDirectory, type DirectoryLock } from "./directory-lock.ts";
import { EMBEDDED_PARSERS } from "./sql/value-parsers.ts";
import type { Storage } from "./storage.ts";

/** How to work with an embedded database. */
export interface EmbeddedOptions {
  /** Directory for the data, made when it is missing; or `memory` for data that ends with the process. */
  readonly directory: string;
  readonly logger: Logger;
}

/** Value of {@link EmbeddedOptions.directory} for data that is kept in memory only. */
const IN_MEMORY = "memory";

/**
 * Opens storage on PGlite, a Postgres inside this process. Making a new database takes about two seconds, opening one a
 * quarter. It survives a killed process; it does not force writes to the disk, so a power cut may lose the last of them.
 *
 * @throws LottyError `data_directory_in_use` when another process works on the directory, `database_unavailable`
 */
export async function openEmbedded({ directory, logger }: EmbeddedOptions): Promise<Storage> {
  if (directory === IN_MEMORY) return openDatabase({ location: IN_MEMORY, logger });
  const location = resolve(directory);
  await mkdir(location, { recursive: true });
  const lock = await lockDirectory(location);
  try {
    return await openDatabase({ location, dataDir: join(location, "postgres"), lock, logger });
  } catch (error) {
    await lock.release();
    throw error;
  }
}

interface DatabasePlace {
  readonly location: string;
  readonly dataDir?: string;
  readonly lock?: DirectoryLock;
  readonly logger: Logger;
}

async function openDatabase({ location, dataDir, lock, logger }: DatabasePlace): Promise<Storage> {
  const database = await createDatabase(dataDir);
  logger.debug("embedded_database_opened", { location });
  return composeEmbedded(database, { location, logger, onClosed: async () => lock?.release() });
}

async function createDatabase(dataDir: string | undefined): Promise<PGlite> {
  try {
    return await PGlite.create({ ...(dataDir === undefined ? {} : { dataDir }), parsers: EMBEDDED_PARSERS });
  } catch (error) {
    throw toDatabaseError(error);
  }
}
