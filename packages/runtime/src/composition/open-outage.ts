import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Config, SpoolConfig } from "@lotty/config";
import { createSpooling } from "@lotty/decisions";
import { LottyError, type Clock, type DecisionSpool, type Logger, type Timer } from "@lotty/domain";
import type { Storage } from "@lotty/persistence";
import { abandonedRows, openSpool } from "@lotty/spool";
import type { OutageParts, Role } from "./runtime.ts";

/** What deciding through an outage works with. */
export interface OutageOptions {
  readonly role: Role;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly logger: Logger;
}

/** What lets a process decide while its database is away, until it is closed; that closes the database too. */
export interface OpenedOutage extends OutageParts {
  close(): Promise<void>;
}

/**
 * Opens the spool and puts it in front of the database: for an `api` on Postgres that has not been told otherwise. Nothing is
 * drained before it is started.
 *
 * @throws LottyError `invalid_configuration` when the data directory cannot be used
 */
export function openOutage(config: Config, storage: Storage, options: OutageOptions): OpenedOutage | null {
  const { database, decisions } = config;
  if (options.role !== "api" || database.kind !== "postgres" || decisions.spool === null) return null;
  const { recorder, history, sink } = storage;
  const { patienceMillis } = decisions.spool;
  const directory = directoryOf(decisions.spool, database.url.reveal());
  const spool = openIn(directory, decisions.spool, options.logger);
  tellOfNeighbours(directory, options.logger);
  const probe = (): Promise<void> => storage.ping();
  const spooling = createSpooling({ ...options, spool, recorder, history, sink, probe, patienceMillis });
  return {
    spool,
    spooling,
    close: async () => {
      await spooling.stop();
      // What the database gives up when it is closed still goes to the spool.
      try {
        await storage.close();
      } finally {
        await spool.close();
      }
    },
  };
}

function openIn(directory: string, { maxRows, maxBytes }: SpoolConfig, logger: Logger): DecisionSpool {
  try {
    return openSpool({ directory, maxRows, maxBytes, logger });
  } catch (error) {
    throw new LottyError(
      "invalid_configuration",
      `DECISION_SPOOL is on, but ${directory} cannot be used. Let this process write there, set LOTTY_DATA_DIR to a ` +
        "directory on a disk of this machine, or use DECISION_SPOOL=off.",
      { cause: error, details: { setting: "DECISION_SPOOL", directory } },
    );
  }
}

/** After the database has moved to another address, what was spooled before waits in vain until somebody is told. */
function tellOfNeighbours(directory: string, logger: Logger): void {
  const folder = dirname(directory);
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const neighbour = join(folder, entry.name);
      if (!entry.isDirectory() || neighbour === directory) continue;
      const rows = abandonedRows(neighbour, logger);
      if (rows > 0) logger.error("spool_of_another_database", { directory: neighbour, rows, drained_from: directory });
    }
  } catch (error) {
    logger.warn("spool_neighbours_unreadable", { directory: folder, error });
  }
}

/** Hexadecimal digits of a database's name: enough that no two of them meet. */
const NAME_LENGTH = 16;

/**
 * The directory of a database's spools. It is named by where the database is, not by who asks: a new password must not hide
 * what waits, and decisions must never be drained into another database that shares the data directory.
 */
function directoryOf(config: SpoolConfig, databaseUrl: string): string {
  const { hostname, port, pathname, searchParams } = new URL(databaseUrl);
  const place = [hostname, port || "5432", pathname, ...["host", "port", "dbname"].map((key) => searchParams.get(key))];
  const name = createHash("sha256").update(JSON.stringify(place)).digest("hex").slice(0, NAME_LENGTH);
  return join(resolve(config.directory), "spool", name);
}
