import type { Logger } from "@lotty/domain";
import { LONGEST_BLOCK_MILLIS } from "./connection-options.ts";
import type { ItemCodec } from "../codecs/item-codec.ts";
import type { EntryPart } from "./decision-place.ts";
import { EntryEstimate } from "./entry-estimate.ts";
import { CONSUMER_GROUP, type ShardKeys } from "./keys.ts";
import type { RedisClient } from "./redis-client.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { redisErrorCode } from "./redis-error.ts";
import { ACKNOWLEDGE, BACKLOG, CLAIM, LEAVE, SET_ASIDE } from "./scripts/stream-scripts.ts";
import { readStoredEntry, type StoredEntry } from "./stream-entry-codec.ts";

/** What one member needs of one shard. */
export interface StreamShardOptions<Item> {
  readonly codec: ItemCodec<Item>;
  readonly keys: ShardKeys;
  readonly consumer: string;
  /** For the read that blocks, and nothing else. */
  readonly reader: RedisConnection;
  readonly control: RedisConnection;
  readonly logger: Logger;
}

/** An entry that was handed out. */
export interface TakenEntry<Item> extends StoredEntry<Item> {
  /** How often, this time included. */
  readonly deliveries: number;
  /** Whether the item at a position is done already. */
  readonly isDone: (position: number) => boolean;
}

/** What a claim brought. */
export interface ClaimedEntries<Item> {
  readonly entries: readonly TakenEntry<Item>[];
  /** Entries that somebody has removed although they were not done. */
  readonly lost: number;
  /** The cursor to go on with; absent at the end. */
  readonly next?: string;
}

/** Entries of one acknowledgement; see the script. */
const ACKNOWLEDGE_AT_ONCE = 1_000;

/** One shard of a stream as one member of the group sees it. Throws what the client throws. */
export class StreamShard<Item> {
  readonly #options: StreamShardOptions<Item>;
  readonly #estimate = new EntryEstimate();
  #joined = false;

  constructor(options: StreamShardOptions<Item>) {
    this.#options = options;
  }

  /** A name for the server that has the shard. */
  get server(): string {
    return this.#options.control.serverOf(this.#options.keys.slot);
  }

  /**
   * Takes new entries with about so many items, one entry at least if there is any. Waits no longer for the first than
   * {@link LONGEST_BLOCK_MILLIS}, whatever was asked for.
   */
  async read(max: number, waitMillis: number): Promise<readonly TakenEntry<Item>[]> {
    const client = await this.#options.reader.client();
    // Blocking for 0 means for ever, so a fraction waits for a whole millisecond.
    let block = Math.min(Math.ceil(waitMillis), LONGEST_BLOCK_MILLIS);
    const taken: TakenEntry<Item>[] = [];
    for (let room = max; taken.length === 0 || this.#estimate.hasRoom(room); block = 0) {
      const asked = this.#estimate.entriesFor(room);
      let entries: readonly TakenEntry<Item>[];
      try {
        entries = await this.#inGroup(() => this.#readNew(client, asked, block));
      } catch (error) {
        // Those of before are in hand, and the next read fails as well.
        if (taken.length > 0) break;
        throw error;
      }
      taken.push(...entries);
      room -= this.#count(entries);
      if (entries.length < asked) break;
    }
    return taken;
  }

  /** Takes over idle entries with about so many items, from the cursor on. */
  async claim(max: number, minIdleMillis: number, cursor: string): Promise<ClaimedEntries<Item>> {
    const client = await this.#options.control.client();
    const { keys, consumer } = this.#options;
    const values = [CONSUMER_GROUP, consumer, minIdleMillis, this.#estimate.entriesFor(max), cursor];
    const reply = await this.#inGroup(() => CLAIM.run(client, [keys.stream, keys.progress], values));
    const [next, claimed, lost] = asList(reply);
    const entries = asList(claimed).flatMap((item) => {
      const [, , deliveries, marks] = asList(item);
      return asTaken(item, this.#options.codec, {
        deliveries: Number(deliveries),
        marks: typeof marks === "string" ? marks : "",
      });
    });
    this.#count(entries);
    const result = { entries, lost: asList(lost).length };
    return typeof next !== "string" || next === "0-0" ? result : { ...result, next };
  }

  /** Marks items as done, and with the last one of an entry the entry. */
  async acknowledge(parts: readonly EntryPart[]): Promise<void> {
    const client = await this.#options.control.client();
    const { stream, progress } = this.#options.keys;
    for (let start = 0; start < parts.length; start += ACKNOWLEDGE_AT_ONCE) {
      const some = parts.slice(start, start + ACKNOWLEDGE_AT_ONCE).flatMap(({ id, count, positions }) => {
        return [id, count, positions.size === count ? "" : [...positions].join()];
      });
      await ifInGroup(() => ACKNOWLEDGE.run(client, [stream, progress], [CONSUMER_GROUP, ...some]));
    }
  }

  /** Sets the one item of a part aside. */
  async setAside({ id, count, positions }: EntryPart, reason: string): Promise<void> {
    const client = await this.#options.control.client();
    const { stream, deadLetters, progress } = this.#options.keys;
    const values = [CONSUMER_GROUP, id, count, [...positions].join(), reason];
    await ifInGroup(() => SET_ASIDE.run(client, [stream, deadLetters, progress], values));
  }

  async backlog(): Promise<{ readonly unread: number; readonly pending: number }> {
    const client = await this.#options.control.client();
    const { stream, progress } = this.#options.keys;
    const [unread, pending] = asList(await BACKLOG.run(client, [stream, progress], [CONSUMER_GROUP]));
    return { unread: Number(unread), pending: Number(pending) };
  }

  /** Leaves the group. What this member holds may be claimed at once; until it is, its name stays. */
  async leave(): Promise<void> {
    if (!this.#joined) return;
    const client = await this.#options.control.client();
    await LEAVE.run(client, [this.#options.keys.stream], [CONSUMER_GROUP, this.#options.consumer]);
  }

  async #readNew(client: RedisClient, count: number, block: number): Promise<readonly TakenEntry<Item>[]> {
    const { keys, consumer } = this.#options;
    const group = ["GROUP", CONSUMER_GROUP, consumer] as const;
    const reply =
      block > 0
        ? await client.xreadgroup(...group, "COUNT", count, "BLOCK", block, "STREAMS", keys.stream, ">")
        : await client.xreadgroup(...group, "COUNT", count, "STREAMS", keys.stream, ">");
    return (reply ?? [])
      .flatMap(([, items]) => items)
      .flatMap((item) => asTaken(item, this.#options.codec, FIRST_DELIVERY));
  }

  /** How many items entries hold, for the estimate too. */
  #count(entries: readonly TakenEntry<Item>[]): number {
    const items = entries.reduce((sum, entry) => sum + entry.items.length, 0);
    this.#estimate.learn(entries.length, items);
    return items;
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

interface Delivery {
  readonly deliveries: number;
  readonly marks: string;
}

const FIRST_DELIVERY: Delivery = { deliveries: 1, marks: "" };

function asTaken<Item>(
  reply: unknown,
  codec: ItemCodec<Item>,
  { deliveries, marks }: Delivery,
): readonly TakenEntry<Item>[] {
  const entry = readStoredEntry(reply, codec);
  return entry === undefined ? [] : [{ ...entry, deliveries, isDone: (position) => marks[position] === "x" }];
}

/** Does something with entries in hand. Without a group nobody has any: they are gone with it. */
async function ifInGroup(operation: () => Promise<unknown>): Promise<void> {
  try {
    await operation();
  } catch (error) {
    if (redisErrorCode(error) !== "NOGROUP") throw error;
  }
}

function asList(reply: unknown): readonly unknown[] {
  return Array.isArray(reply) ? reply : [];
}
