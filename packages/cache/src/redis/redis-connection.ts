import { Redis, type RedisOptions } from "ioredis";
import type { Logger } from "@lotty/domain";
import { withoutCommand } from "./redis-error.ts";

/**
 * What a connection is for. `commands`: short commands of requests. `control`: what a worker does beside reading. `reader`: the
 * blocking read of a worker. `subscriber`: change notices.
 */
export type ConnectionRole = "commands" | "control" | "reader" | "subscriber";

/** What all connections to a server share. */
export interface ServerSettings {
  /** `redis://` or `rediss://`, with user, password and database as needed. */
  readonly url: string;
  readonly logger: Logger;
  /** How long a command of a request may take. */
  readonly commandTimeoutMillis: number;
}

/** Longest time that one blocking read waits at the server, in milliseconds. */
export const LONGEST_BLOCK_MILLIS = 5_000;

/** How long setting up a connection may take, in milliseconds; then commands fail until it is there. */
const CONNECT_TIMEOUT_MILLIS = 1_000;

/** How long commands of a worker may take, in milliseconds: nobody waits for them, and batches are large. */
const CONTROL_TIMEOUT_MILLIS = 5_000;

/** Silence after which a connection with a command under way counts as dead, in milliseconds. */
const SILENCE_MILLIS = 2_000;

/**
 * One connection that restores itself. While it is away commands fail at once instead of queueing up: whoever asks has
 * something better to do than to wait, and a read that is sent later than asked for takes entries that nobody receives.
 */
export class RedisConnection {
  readonly #client: Redis;
  readonly #firstAttempt: Promise<void>;

  constructor(settings: ServerSettings, role: ConnectionRole) {
    this.#client = new Redis(settings.url, connectionOptions(settings, role));
    logChanges(this.#client, settings.logger, role);
    this.#firstAttempt = withinConnectTimeout(this.#client.connect());
  }

  /** The client, as soon as the first attempt to connect has ended, in success or not. */
  async client(): Promise<Redis> {
    await this.#firstAttempt;
    return this.#client;
  }

  /** Ends the connection at once. Commands under way fail. */
  close(): void {
    this.#client.disconnect();
  }
}

/** What we set of ioredis. Replies have the one shape of the plain protocol, so their mapping is left out. */
type ConnectionOptions = Omit<RedisOptions, "replyMapping">;

/** Settings of ioredis for a connection. */
export function connectionOptions(settings: ServerSettings, role: ConnectionRole): ConnectionOptions {
  return {
    lazyConnect: true,
    connectionName: `lotty-${role}`,
    // The plain protocol also passes through proxies, and replies have one shape on every server version.
    protocol: 2,
    connectTimeout: CONNECT_TIMEOUT_MILLIS,
    retryStrategy: reconnectDelay,
    enableOfflineQueue: false,
    // A former primary refuses writes after a failover; the new one is behind the same address.
    reconnectOnError: (error) => error.message.startsWith("READONLY"),
    ...timeouts(settings, role),
  };
}

function timeouts(settings: ServerSettings, role: ConnectionRole): ConnectionOptions {
  const { commandTimeoutMillis } = settings;
  switch (role) {
    case "commands":
      return {
        commandTimeout: commandTimeoutMillis,
        maxRetriesPerRequest: 1,
        socketTimeout: Math.max(SILENCE_MILLIS, 2 * commandTimeoutMillis),
      };
    case "control":
    case "subscriber":
      return {
        commandTimeout: CONTROL_TIMEOUT_MILLIS,
        maxRetriesPerRequest: 1,
        socketTimeout: CONTROL_TIMEOUT_MILLIS,
      };
    case "reader":
      return {
        // A blocking read that is sent again after a reconnect would take entries for a caller who has gone.
        autoResendUnfulfilledCommands: false,
        maxRetriesPerRequest: 0,
        // The watchdog: silence past the longest block ends the connection, and with it the read.
        socketTimeout: LONGEST_BLOCK_MILLIS + SILENCE_MILLIS,
        // Should the read survive even that, it ends here. Not earlier: a late reply still brings entries.
        blockingTimeout: 2 * LONGEST_BLOCK_MILLIS,
        blockingTimeoutGrace: 2 * LONGEST_BLOCK_MILLIS,
      };
  }
}

/** 50 ms at first, doubling to 2 s, each shortened by up to half at random so that processes do not come in step. */
function reconnectDelay(attempt: number): number {
  const longest = Math.min(2_000, 50 * 2 ** Math.min(attempt - 1, 10));
  return longest * (1 - Math.random() / 2);
}

async function withinConnectTimeout(connecting: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, CONNECT_TIMEOUT_MILLIS);
  });
  // The failure shows in the log and in the commands; the client goes on trying.
  await Promise.race([connecting.catch(() => undefined), timeout]);
  clearTimeout(timer);
}

/** One line when the connection comes and one when it goes, however often attempts fail in between. */
function logChanges(client: Redis, logger: Logger, role: ConnectionRole): void {
  let told: "nothing" | "up" | "down" = "nothing";
  let latest: Error | undefined;
  const down = (): void => {
    if (told === "down") return;
    told = "down";
    logger.warn("redis_unavailable", { connection: role, error: latest });
  };
  client.on("error", (error) => {
    latest = withoutCommand(error);
    if (client.status !== "ready") down();
  });
  client.on("reconnecting", down);
  client.on("ready", () => {
    if (told === "down") logger.info("redis_available", { connection: role });
    told = "up";
    latest = undefined;
  });
}
