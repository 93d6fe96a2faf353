import type { Logger } from "@lotty/domain";
import { Client, type ClientConfig } from "pg";
import { toDatabaseError } from "../database-error.ts";
import { CHANGE_CHANNEL, encodeNotice } from "./change-channel.ts";
import type { NotificationSource } from "./pg-change-notices.ts";

/** How often a quiet connection is asked whether it still lives: a cut network says nothing by itself. */
const HEARTBEAT_MILLIS = 5_000;

/** Waits between attempts to connect again: doubled from the first to the last, with up to half of it at random. */
const FIRST_RETRY_MILLIS = 100;
const LAST_RETRY_MILLIS = 5_000;

/**
 * Notifications over a session of their own, which is made again whenever it breaks. Each time it is, all environments'
 * revisions are told as if they had just changed, because notifications may have been missed meanwhile.
 */
export class PgNotificationSource implements NotificationSource {
  readonly #config: ClientConfig;
  readonly #logger: Logger;
  #onPayload: ((payload: string) => void) | undefined;
  #client: Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;

  constructor(config: ClientConfig, logger: Logger) {
    this.#config = config;
    this.#logger = logger;
  }

  async start(onPayload: (payload: string) => void): Promise<void> {
    this.#onPayload = onPayload;
    try {
      await this.#connect();
    } catch (error) {
      this.#onPayload = undefined;
      throw toDatabaseError(error);
    }
  }

  async stop(): Promise<void> {
    this.#onPayload = undefined;
    clearTimeout(this.#timer);
    const client = this.#client;
    this.#client = undefined;
    // A session that is broken already cannot be ended properly, and need not be.
    await client?.end().catch(() => undefined);
  }

  async #connect(): Promise<void> {
    const client = new Client(this.#config);
    // Without a listener an error between statements would end the process.
    client.on("error", (error) => this.#lost(client, error));
    client.on("end", () => this.#lost(client, undefined));
    client.on("notification", ({ payload }) => this.#onPayload?.(payload ?? ""));
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANGE_CHANNEL}`);
    } catch (error) {
      client.end().catch(() => undefined);
      throw error;
    }
    if (this.#onPayload === undefined) {
      await client.end();
      return;
    }
    this.#client = client;
    this.#failures = 0;
    this.#beat(client);
  }

  #beat(client: Client): void {
    this.#later(HEARTBEAT_MILLIS, async () => {
      try {
        await client.query("SELECT 1");
        if (client === this.#client) this.#beat(client);
      } catch (error) {
        this.#lost(client, error);
      }
    });
  }

  #lost(client: Client, error: unknown): void {
    if (client !== this.#client) return;
    this.#client = undefined;
    this.#logger.warn("change_notices_lost", { error });
    client.end().catch(() => undefined);
    this.#reconnect();
  }

  #reconnect(): void {
    const base = Math.min(FIRST_RETRY_MILLIS * 2 ** this.#failures, LAST_RETRY_MILLIS);
    this.#failures += 1;
    this.#later(base * (1 + Math.random() / 2), async () => {
      try {
        await this.#connect();
        await this.#catchUp();
        this.#logger.info("change_notices_restored");
      } catch (error) {
        if (this.#client !== undefined) return;
        this.#logger.debug("change_notices_unreachable", { error });
        this.#reconnect();
      }
    });
  }

  async #catchUp(): Promise<void> {
    const found = await this.#client?.query<{ id: string; revision: string }>("SELECT id, revision FROM environments");
    for (const { id, revision } of found?.rows ?? []) {
      this.#onPayload?.(encodeNotice({ environmentId: id, revision: Number(revision) }));
    }
  }

  #later(millis: number, work: () => Promise<void>): void {
    clearTimeout(this.#timer);
    if (this.#onPayload === undefined) return;
    this.#timer = setTimeout(() => void work(), millis).unref();
  }
}
