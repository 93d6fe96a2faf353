import type { Logger, StreamEntry } from "@lotty/domain";
import { LONGEST_BLOCK_MILLIS } from "./connection-options.ts";
import { CONSUMER_GROUP, type ShardKeys } from "./keys.ts";
import type { RedisClient } from "./redis-client.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { redisErrorCode } from "./redis-error.ts";
import { ACKNOWLEDGE, BACKLOG, CLAIM, LEAVE, SET_ASIDE } from "./scripts/stream-scripts.ts";
import { readStreamEntry } from "./stream-entry-codec.ts";

/** What one member needs of one shard. */
export interface StreamShardOptions {
  readonly keys: ShardKeys;
  readonly consumer: string;
  /** For the read that blocks, and nothing else. */
  readonly reader: RedisConnection;
  readonly control: RedisConnection;
  readonly logger: Logger;
}

/** Ids of one acknowledgement; see the script. */
const ACKNOWLEDGE_AT_ONCE = 1_000;

/** One shard of the decision stream as one member of the group sees it. Throws what the client throws. */
export class StreamShard {
  readonly #options: StreamShardOptions;
  #joined = false;

  constructor(options: StreamShardOptions) {
    this.#options = options;
  }

  /** A name for the server that has the shard. */
  get server(): string {
    return this.#options.control.serverOf(this.#options.keys.slot);
  }

  /** Takes new entries. Waits no longer than {@link LONGEST_BLOCK_MILLIS}, whatever was asked for. */
  async read(max: number, waitMillis: number): Promise<readonly StreamEntry[]> {
    const client = await this.#options.reader.client();
    // Blocking for 0 means for ever, so a fraction waits for a whole millisecond.
    const block = Math.min(Math.ceil(waitMillis), LONGEST_BLOCK_MILLIS);
    const reply = await this.#inGroup(() => this.#readNew(client, max, block));
    if (reply === null) return [];
    return reply.flatMap(([, items]) => items).flatMap((item) => readStreamEntry(item, 1) ?? []);
  }

  /** Takes over idle entries from the cursor on. `next` is the cursor to go on with; absent at the end. */
  async claim(
    max: number,
    minIdleMillis: number,
    cursor: string,
  ): Promise<{ readonly entries: readonly StreamEntry[]; readonly next?: string }> {
    const client = await this.#options.control.client();
    const { keys, consumer, logger } = this.#options;
    const values = [CONSUMER_GROUP, consumer, minIdleMillis, max, cursor];
    const [next, claimed, lost] = asList(await this.#inGroup(() => CLAIM.run(client, [keys.stream], values)));
    // Someone else removed entries that were not done.
    const count = asList(lost).length;
    if (count > 0) logger.error("decision_stream_entries_lost", { count });
    const entries = asList(claimed).flatMap((reply) => readStreamEntry(reply, Number(asList(reply)[2])) ?? []);
    return typeof next !== "string" || next === "0-0" ? { entries } : { entries, next };
  }

  async acknowledge(ids: readonly string[]): Promise<void> {
    const client = await this.#options.control.client();
    for (let start = 0; start < ids.length; start += ACKNOWLEDGE_AT_ONCE) {
      const some = ids.slice(start, start + ACKNOWLEDGE_AT_ONCE);
      await ACKNOWLEDGE.run(client, [this.#options.keys.stream], [CONSUMER_GROUP, ...some]);
    }
  }

  async setAside(id: string, reason: string): Promise<void> {
    const client = await this.#options.control.client();
    const { stream, deadLetters } = this.#options.keys;
    try {
      await SET_ASIDE.run(client, [stream, deadLetters], [CONSUMER_GROUP, id, reason]);
    } catch (error) {
      // Without a group nothing is pending: the entry is gone with it.
      if (redisErrorCode(error) !== "NOGROUP") throw error;
    }
  }

  async backlog(): Promise<{ readonly unread: number; readonly pending: number }> {
    const client = await this.#options.control.client();
    const [unread, pending] = asList(await BACKLOG.run(client, [this.#options.keys.stream], [CONSUMER_GROUP]));
    return { unread: Number(unread), pending: Number(pending) };
  }

  /** Leaves the group if this member holds nothing. */
  async leave(): Promise<void> {
    if (!this.#joined) return;
    const client = await this.#options.control.client();
    await LEAVE.run(client, [this.#options.keys.stream], [CONSUMER_GROUP, this.#options.consumer]);
  }

  #readNew(client: RedisClient, max: number, block: number): ReturnType<RedisClient["xreadgroup"]> {
    const { keys, consumer } = this.#options;
    const group = ["GROUP", CONSUMER_GROUP, consumer] as const;
    return block > 0
      ? client.xreadgroup(...group, "COUNT", max, "BLOCK", block, "STREAMS", keys.stream, ">")
      : client.xreadgroup(...group, "COUNT", max, "STREAMS", keys.stream, ">");
  }

  /** Does something that needs the group, which is made on first use and again when the server has lost it. */
  async #inGroup<T>(operation: () => Promise<T>): Promise<T> {
    if (!this.#joined) await this.#createGroup();
    this.#joined = true;
    try {
      return await operation();
    } catch (error) {
      const code = redisErrorCode(error);
      // Redis 7.2 and later end a blocked read with UNBLOCKED when its stream goes away.
      if (code !== "NOGROUP" && code !== "UNBLOCKED") throw error;
      this.#options.logger.warn("decision_stream_group_lost", { stream: this.#options.keys.stream });
      await this.#createGroup();
      return operation();
    }
  }

  /** From the beginning of the stream: entries may be there before the first worker. */
  async #createGroup(): Promise<void> {
    const client = await this.#options.control.client();
    try {
      await client.xgroup("CREATE", this.#options.keys.stream, CONSUMER_GROUP, "0", "MKSTREAM");
    } catch (error) {
      if (redisErrorCode(error) !== "BUSYGROUP") throw error;
    }
  }
}

function asList(reply: unknown): readonly unknown[] {
  return Array.isArray(reply) ? reply : [];
}
