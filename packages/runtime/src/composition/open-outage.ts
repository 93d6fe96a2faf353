import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Config, SpoolConfig } from "@lotty/config";
import { createSpooling } from "@lotty/decisions";
import { LottyError, type Clock, type EventMetrics, type Logger, type Timer } from "@lotty/domain";
import { createEventSpooling } from "@lotty/events";
import type { Storage } from "@lotty/persistence";
import { abandonedRows, openDecisionSpool, openEventSpool, type SpoolOptions } from "@lotty/spool";
import type { EventOutageParts, OutageParts, Role } from "./runtime.ts";

/** What going on through an outage works with. */
export interface OutageOptions {
  readonly role: Role;
  readonly events: EventMetrics;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly logger: Logger;
}

/** What lets a process go on while its database is away, until it is closed; that closes the database too. */
export interface OpenedOutage {
  /** `null` where decisions are not spooled. */
  readonly decisions: OutageParts | null;
  /** `null` where events are not spooled. */
  readonly events: EventOutageParts | null;
  /** Begins to drain. */
  start(): void;
  close(): Promise<void>;
}

/** Where events lie in the directory of a database's spools. */
const EVENTS = "events";

/**
 * Opens the spools and puts them in front of the database: for an `api` on Postgres that has not been told otherwise. Nothing
 * is drained before it is started.
 *
 * @throws LottyError `invalid_configuration` when the data directory cannot be used
 */
export function openOutage(config: Config, storage: Storage, options: OutageOptions): OpenedOutage | null {
  const { database } = config;
  if (options.role !== "api" || database.kind !== "postgres") return null;
  const url = database.url.reveal();
  const decisions = openForDecisions(config.decisions.spool, { storage, url, options });
  const events = openForEvents(config.events.spool, { storage, url, options });
  const opened = [decisions, events].filter((each) => each !== null);
  if (opened.length === 0) return null;
  return {
    decisions,
    events,
    start: () => {
      for (const { spooling } of opened) spooling.start();
    },
    close: async () => {
      for (const { spooling } of opened) await spooling.stop();
      // What the database gives up when it is closed still goes to the spools.
      try {
        await storage.close();
      } finally {
        for (const { spool } of opened) await spool.close();
      }
    },
  };
}

interface OutageGround {
  readonly storage: Storage;
  /** Of the database. */
  readonly url: string;
  readonly options: OutageOptions;
}

function openForDecisions(config: SpoolConfig | null, { options, storage, url }: OutageGround): OutageParts | null {
  if (config === null) return null;
  const { recorder, history, sink } = storage;
  const directory = directoryOf(config, url);
  const spool = openIn(directory, "DECISION_SPOOL", () => openDecisionSpool(spoolOptions(directory, config, options)));
  tellOfNeighbours(directory, "decisions", options.logger);
  const { patienceMillis } = config;
  const probe = (): Promise<void> => storage.ping();
  return { spool, spooling: createSpooling({ ...options, spool, recorder, history, sink, probe, patienceMillis }) };
}

function openForEvents(config: SpoolConfig | null, { options, storage, url }: OutageGround): EventOutageParts | null {
  if (config === null) return null;
  const { recorder, sink } = storage.events;
  const own = directoryOf(config, url);
  const directory = join(own, EVENTS);
  const spool = openIn(directory, "EVENT_SPOOL", () => openEventSpool(spoolOptions(directory, config, options)));
  tellOfNeighbours(own, "events", options.logger);
  const { patienceMillis } = config;
  const probe = (): Promise<void> => storage.ping();
  const ports = { spool, recorder, sink, probe, patienceMillis, metrics: options.events };
  return { spool, spooling: createEventSpooling({ ...options, ...ports }) };
}

function spoolOptions(directory: string, { maxBytes, maxRows }: SpoolConfig, { logger }: OutageOptions): SpoolOptions {
  return { directory, maxRows, maxBytes, logger };
}

function openIn<Spool>(directory: string, setting: string, open: () => Spool): Spool {
  try {
    return open();
  } catch (error) {
    throw new LottyError(
      "invalid_configuration",
      `${setting} is on, but ${directory} cannot be used. Let this process write there, set LOTTY_DATA_DIR to a ` +
        `directory on a disk of this machine, or use ${setting}=off.`,
      { cause: error, details: { setting, directory } },
    );
  }
}

/** After the database has moved to another address, what was spooled before waits in vain until somebody is told. */
function tellOfNeighbours(own: string, of: "decisions" | "events", logger: Logger): void {
  const folder = dirname(own);
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const neighbour = join(folder, entry.name);
      if (!entry.isDirectory() || neighbour === own) continue;
      const directory = of === "events" ? join(neighbour, EVENTS) : neighbour;
      const rows = existsSync(directory) ? abandonedRows({ of, directory, logger }) : 0;
      if (rows > 0) logger.error("spool_of_another_database", { of, directory, rows, drained_from: own });
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
