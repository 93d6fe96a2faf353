import { CONNECT_TIMEOUT_MILLIS, type ConnectionRole, type ServerSettings } from "./connection-options.ts";
import { logOutages } from "./log-outages.ts";
import { createClient, serverOf, type RedisClient } from "./redis-client.ts";

/**
 * One connection, or one to each node of a cluster, that restores itself. While it is away commands fail at once instead of
 * queueing up: whoever asks has something better to do than to wait, and a read that is sent later than asked for takes
 * entries that nobody receives.
 */
export class RedisConnection {
  readonly #client: RedisClient;
  readonly #firstAttempt: Promise<void>;

  constructor(settings: ServerSettings, role: ConnectionRole) {
    this.#client = createClient(settings, role);
    logOutages(this.#client, settings.logger, role);
    this.#firstAttempt = withinConnectTimeout(this.#client.connect());
  }

  /** The client, as soon as the first attempt to connect has ended, in success or not. */
  async client(): Promise<RedisClient> {
    await this.#firstAttempt;
    return this.#client;
  }

  /** A name for the server that has a slot; all slots have the same one where there is no cluster. */
  serverOf(slot: number): string {
    return serverOf(this.#client, slot);
  }

  /** Ends the connection at once. Commands under way fail. */
  close(): void {
    this.#client.disconnect();
  }
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
