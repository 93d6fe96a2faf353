import { LottyError, type DeadLetter, type DeadLetters, type RetryOutcome } from "@lotty/domain";
import type { ItemCodec } from "../codecs/item-codec.ts";
import type { ShardKeys } from "./keys.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { streamUnavailable } from "./redis-error.ts";
import { RETRY } from "./scripts/stream-scripts.ts";
import { locate, type ShardPosition } from "./shard-id.ts";
import { readDeadLetter } from "./stream-entry-codec.ts";

/** What an id must look like at the server; anything else is the id of nothing. */
const POSITION = /^\d{1,20}-\d{1,20}$/;

/** The dead letters of all shards, by the time of the servers. They are kept until someone drops or retries them. */
export class RedisDeadLetters<Item> implements DeadLetters<Item> {
  readonly #connection: RedisConnection;
  readonly #shards: readonly ShardKeys[];
  readonly #codec: ItemCodec<Item>;

  constructor(connection: RedisConnection, shards: readonly ShardKeys[], codec: ItemCodec<Item>) {
    this.#connection = connection;
    this.#shards = shards;
    this.#codec = codec;
  }

  async list(count: number, after?: string): Promise<readonly DeadLetter<Item>[]> {
    const client = await this.#connection.client();
    const last = after === undefined ? undefined : readCursor(after);
    return attempt("listing dead letters", async () => {
      const pages = await Promise.all(
        this.#shards.map(async ({ deadLetters }, shard) => {
          const found = await client.xrange(deadLetters, startOf(shard, last), "+", "COUNT", count);
          return found.flatMap((reply) => readDeadLetter(reply, shard, this.#codec) ?? []);
        }),
      );
      return pages.flat().toSorted(byAge).slice(0, count);
    });
  }

  async size(): Promise<number> {
    const client = await this.#connection.client();
    return attempt("counting dead letters", async () => {
      const each = await Promise.all(this.#shards.map(({ deadLetters }) => client.xlen(deadLetters)));
      return each.reduce((sum, length) => sum + length, 0);
    });
  }

  async retry(id: string): Promise<RetryOutcome> {
    const client = await this.#connection.client();
    const found = this.#find(id);
    if (found === undefined) return "not_found";
    const { keys, position } = found;
    return attempt("retrying a dead letter", async () => {
      const retried = await RETRY.run(client, [keys.stream, keys.deadLetters, keys.progress], [position]);
      return retried === 1 ? "retried" : retried === -1 ? "empty" : "not_found";
    });
  }

  async drop(id: string): Promise<boolean> {
    const client = await this.#connection.client();
    const found = this.#find(id);
    if (found === undefined) return false;
    return attempt("dropping a dead letter", async () => {
      return (await client.xdel(found.keys.deadLetters, found.position)) === 1;
    });
  }

  #find(id: string): { readonly keys: ShardKeys; readonly position: string } | undefined {
    const { shard, id: position } = locate(id);
    const keys = this.#shards[shard];
    return keys === undefined || !POSITION.test(position) ? undefined : { keys, position };
  }
}

function readCursor(after: string): ShardPosition {
  const cursor = locate(after);
  if (Number.isInteger(cursor.shard) && cursor.shard >= 0 && POSITION.test(cursor.id)) return cursor;
  throw new LottyError("invalid_request", `${JSON.stringify(after)} is not the id of a dead letter.`);
}

/** Where a page begins in a shard. Letters of the same moment are in the order of their shards. */
function startOf(shard: number, last: ShardPosition | undefined): string {
  if (last === undefined) return "-";
  return shard <= last.shard ? `(${last.id}` : last.id;
}

type Aged = Pick<DeadLetter, "id" | "setAsideAt" | "shard">;

function byAge(left: Aged, right: Aged): number {
  return left.setAsideAt - right.setAsideAt || sequenceOf(left.id) - sequenceOf(right.id) || left.shard - right.shard;
}

/** What tells letters of one millisecond apart. */
function sequenceOf(id: string): number {
  return Number(id.slice(id.lastIndexOf("-") + 1));
}

async function attempt<T>(what: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw streamUnavailable(what, error);
  }
}
