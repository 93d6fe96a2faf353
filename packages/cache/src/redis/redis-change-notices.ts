import type { ChangeNotice, ChangeNotices, Logger } from "@lotty/domain";
import { decodeChangeNotice, encodeChangeNotice } from "../codecs/change-notice-codec.ts";
import type { RedisClient } from "./redis-client.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { cacheUnavailable } from "./redis-error.ts";
import { PUBLISH } from "./scripts/publish-script.ts";

/** What change notices on Redis need. */
export interface RedisChangeNoticesOptions {
  readonly publisher: RedisConnection;
  /** Opens the connection that listens; called again when the one before was given up. */
  readonly openSubscriber: () => RedisConnection;
  readonly channel: string;
  readonly logger: Logger;
}

/** How often a silent subscription is tried out, in milliseconds: a connection that was cut off does not say so. */
const PROBE_INTERVAL_MILLIS = 5_000;

interface Subscription {
  readonly listener: (notice: ChangeNotice) => void;
}

/**
 * Change notices through a channel of Redis. One connection of its own listens for all subscribers of the process,
 * and listens again after it was lost; notices of the time between do not come.
 */
export class RedisChangeNotices implements ChangeNotices {
  readonly #options: RedisChangeNoticesOptions;
  readonly #subscriptions = new Set<Subscription>();
  #channel: Promise<() => void> | undefined;

  constructor(options: RedisChangeNoticesOptions) {
    this.#options = options;
  }

  async publish(notice: ChangeNotice): Promise<void> {
    const client = await this.#options.publisher.client();
    try {
      await PUBLISH.run(client, [this.#options.channel], [encodeChangeNotice(notice)]);
    } catch (error) {
      throw cacheUnavailable("announcing a change", error);
    }
  }

  async subscribe(listener: (notice: ChangeNotice) => void): Promise<() => Promise<void>> {
    const subscription = { listener };
    this.#subscriptions.add(subscription);
    const channel = (this.#channel ??= this.#listen());
    try {
      await channel;
    } catch (error) {
      this.#subscriptions.delete(subscription);
      if (this.#channel === channel) this.#channel = undefined;
      throw cacheUnavailable("listening for changes", error);
    }
    return async () => {
      this.#subscriptions.delete(subscription);
      if (this.#subscriptions.size === 0) await this.close();
    };
  }

  /** Stops listening, whoever still subscribes. */
  async close(): Promise<void> {
    this.#subscriptions.clear();
    const channel = this.#channel;
    this.#channel = undefined;
    // A connection that never came about has closed itself.
    const stop = await channel?.catch(() => undefined);
    stop?.();
  }

  async #listen(): Promise<() => void> {
    const connection = this.#options.openSubscriber();
    try {
      const client = await connection.client();
      client.on("message", (_channel: string, message: string) => this.#deliver(message));
      await client.subscribe(this.#options.channel);
      const probe = setInterval(() => void tryOut(client), PROBE_INTERVAL_MILLIS);
      return () => {
        clearInterval(probe);
        connection.close();
      };
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  #deliver(message: string): void {
    const notice = decodeChangeNotice(message);
    if (notice === undefined) {
      this.#options.logger.warn("change_notice_malformed", { length: message.length });
      return;
    }
    for (const { listener } of this.#subscriptions) {
      try {
        listener(notice);
      } catch (error) {
        this.#options.logger.error("change_listener_failed", { error });
      }
    }
  }
}

/** An answer that does not come ends the connection by its socket timeout, and it is made anew. */
async function tryOut(client: RedisClient): Promise<void> {
  if (client.status === "ready") await client.ping().catch(() => undefined);
}
