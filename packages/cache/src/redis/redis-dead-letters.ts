import type { DeadLetter, DeadLetters } from "@lotty/domain";
import type { ShardKeys } from "./keys.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { streamUnavailable } from "./redis-error.ts";
import { RETRY } from "./scripts/stream-scripts.ts";
import { inShard, locate } from "./shard-id.ts";
import { readDeadLetter } from "./stream-entry-codec.ts";

/** What an id must look like at the server; anything else is the id of nothing. */
const POSITION = /^\d{1,20}-\d{1,20}$/;

/** The dead letters of all shards, shard by shard. They are kept until someone drops or retries them. */
export class RedisDeadLetters implements DeadLetters {
  readonly #connection: RedisConnection;
  readonly #shards: readonly ShardKeys[];

  constructor(connection: RedisConnection, shards: readonly ShardKeys[]) {
    this.#connection = connection;
    this.#shards = shards;
  }

  async list(count: number): Promise<readonly DeadLetter[]> {
    const client = await this.#connection.client();
    return attempt("listing dead letters", async () => {
      const letters: DeadLetter[] = [];
      for (const [index, { deadLetters }] of this.#shards.entries()) {
        if (letters.length >= count) break;
        const replies = await client.xrange(deadLetters, "-", "+", "COUNT", count - letters.length);
        const found = replies.flatMap((reply) => readDeadLetter(reply) ?? []);
        letters.push(...found.map((letter) => ({ ...letter, id: inShard(index, letter.id) })));
      }
      return letters;
    });
  }

  async size(): Promise<number> {
    const client = await this.#connection.client();
    return attempt("counting dead letters", async () => {
      const each = await Promise.all(this.#shards.map(({ deadLetters }) => client.xlen(deadLetters)));
      return each.reduce((sum, length) => sum + length, 0);
    });
  }

  async retry(id: string): Promise<boolean> {
    const client = await this.#connection.client();
    const found = this.#find(id);
    if (found === undefined) return false;
    const { keys, position } = found;
    return attempt("retrying a dead letter", async () => {
      return (await RETRY.run(client, [keys.stream, keys.deadLetters], [position])) === 1;
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

async function attempt<T>(what: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw streamUnavailable(what, error);
  }
}
