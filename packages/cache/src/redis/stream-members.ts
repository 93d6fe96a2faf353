import type { DecisionStream } from "@lotty/domain";
import type { ItemCodec } from "../codecs/item-codec.ts";
import type { ServerSettings } from "./connection-options.ts";
import type { ShardKeys } from "./keys.ts";
import { RedisConnection } from "./redis-connection.ts";
import { RedisDecisionStream } from "./redis-decision-stream.ts";
import { StreamShard } from "./stream-shard.ts";

interface Member<Item> {
  readonly stream: RedisDecisionStream<Item>;
  readonly readers: readonly RedisConnection[];
  readonly control: RedisConnection;
}

/** The members of the group of workers that live in this process. */
export class StreamMembers<Item> {
  readonly #server: ServerSettings;
  readonly #shards: readonly ShardKeys[];
  readonly #codec: ItemCodec<Item>;
  readonly #members: Member<Item>[] = [];

  constructor(server: ServerSettings, shards: readonly ShardKeys[], codec: ItemCodec<Item>) {
    this.#server = server;
    this.#shards = shards;
    this.#codec = codec;
  }

  /** A new member: one connection per shard to read, because a blocked one does nothing else, and one for the rest. */
  join(consumer: string): DecisionStream<Item> {
    const { logger } = this.#server;
    const control = new RedisConnection(this.#server, "control");
    const readers: RedisConnection[] = [];
    const shards = this.#shards.map((keys) => {
      const reader = new RedisConnection(this.#server, "reader");
      readers.push(reader);
      return new StreamShard({ codec: this.#codec, keys, consumer, reader, control, logger });
    });
    const stream = new RedisDecisionStream(shards, logger);
    this.#members.push({ stream, readers, control });
    return stream;
  }

  /** Lets all members leave and ends their connections. */
  async close(): Promise<void> {
    for (const { stream, readers, control } of this.#members.splice(0)) {
      // Readers first, so that nothing more is handed to a member that leaves.
      for (const reader of readers) reader.close();
      // Best effort: who stays in the group by name only is removed a day later by another that leaves.
      await stream.leave().catch(() => undefined);
      control.close();
    }
  }
}
