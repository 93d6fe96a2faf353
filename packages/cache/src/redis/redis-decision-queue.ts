import { LottyError, type RecordQueue } from "@lotty/domain";
import type { ItemCodec } from "../codecs/item-codec.ts";
import type { ShardKeys } from "./keys.ts";
import type { RedisClient } from "./redis-client.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { streamUnavailable } from "./redis-error.ts";
import { APPEND } from "./scripts/stream-scripts.ts";
import { ShardRotation, type ShardTurn } from "./shard-rotation.ts";
import { packEntries, type PackedEntry } from "./stream-entry-codec.ts";

/** What the producing end needs. */
export interface RedisDecisionQueueOptions<Item> {
  readonly codec: ItemCodec<Item>;
  readonly connection: RedisConnection;
  readonly shards: readonly ShardKeys[];
  /** Most decisions of one shard, those included that are done and not yet trimmed. */
  readonly maxLength: number;
  /** After how long without success a group is given up instead of tried on another shard, in milliseconds. */
  readonly patienceMillis: number;
}

/** Decisions of several callers that go to the server together. */
interface Group {
  readonly texts: string[];
  readonly sent: PromiseWithResolvers<void>;
}

/** Groups on their way at a time. While they are, whatever comes in gathers for the next; nobody waits for a timer. */
const GROUPS_UNDER_WAY = 2;

/** A group takes no more callers from this many decisions on, so that no script holds the server up. */
const FULL_GROUP = 500;

/**
 * The producing end of the decision stream on Redis. Whatever comes in while an append is under way goes with the next one,
 * in as few entries as may be. Such groups go to the shards in turn, each as a whole, so the decisions of one call are appended
 * all or none. What a shard does not take goes to one on another server, if that can be told soon
 * enough. A call that fails or times out may still be carried out: decisions are written once by their id.
 */
export class RedisDecisionQueue<Item> implements RecordQueue<Item> {
  readonly #options: RedisDecisionQueueOptions<Item>;
  readonly #waiting: Group[] = [];
  readonly #rotation: ShardRotation;
  #underWay = 0;

  constructor(options: RedisDecisionQueueOptions<Item>) {
    this.#options = options;
    this.#rotation = new ShardRotation(options.shards, ({ slot }) => options.connection.serverOf(slot));
  }

  async enqueue(items: readonly Item[]): Promise<void> {
    if (items.length === 0) return;
    const group = this.#openGroup();
    for (const item of items) group.texts.push(this.#options.codec.encode(item));
    this.#send();
    await group.sent.promise;
  }

  #openGroup(): Group {
    const last = this.#waiting.at(-1);
    if (last !== undefined && last.texts.length < FULL_GROUP) return last;
    const group = { texts: [], sent: Promise.withResolvers<void>() };
    this.#waiting.push(group);
    return group;
  }

  #send(): void {
    if (this.#underWay >= GROUPS_UNDER_WAY) return;
    const group = this.#waiting.shift();
    if (group === undefined) return;
    this.#underWay += 1;
    this.#append(packEntries(group.texts)).then(
      () => {
        this.#underWay -= 1;
        group.sent.resolve();
        this.#send();
      },
      (error: unknown) => {
        this.#underWay -= 1;
        group.sent.reject(error);
        // With all servers away, those behind have waited long enough: they would learn the same, later.
        if (!this.#rotation.isAwake) for (const { sent } of this.#waiting.splice(0)) sent.reject(error);
        this.#send();
      },
    );
  }

  async #append(entries: readonly PackedEntry[]): Promise<void> {
    const client = await this.#options.connection.client();
    const giveUpAt = performance.now() + this.#options.patienceMillis;
    const first = this.#rotation.next();
    try {
      await this.#appendTo(client, first, entries);
    } catch (error) {
      const other = performance.now() < giveUpAt ? this.#rotation.another(first) : undefined;
      if (other === undefined) throw error;
      await this.#appendTo(client, other, entries);
    }
  }

  async #appendTo(client: RedisClient, turn: ShardTurn, entries: readonly PackedEntry[]): Promise<void> {
    const { maxLength } = this.#options;
    const { stream, progress } = turn.keys;
    const values = [maxLength, ...entries.flatMap(({ count, payload }) => [count, payload])];
    let appended: unknown;
    try {
      appended = await this.#rotation.run(turn, () => APPEND.run(client, [stream, progress], values));
    } catch (error) {
      throw streamUnavailable("queueing decisions", error, this.#rotation.isAwake ? { partial: true } : {});
    }
    if (appended !== 1) {
      throw new LottyError("decision_stream_unavailable", "The decision stream is full.", { details: { maxLength } });
    }
  }
}
