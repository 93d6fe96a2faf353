import { LottyError, type DecisionQueue, type DecisionRecord } from "@lotty/domain";
import { DECISION_FORMAT, encodeDecision } from "../codecs/decision-codec.ts";
import type { ShardKeys } from "./keys.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { streamUnavailable } from "./redis-error.ts";
import { APPEND } from "./scripts/stream-scripts.ts";

/** What the producing end needs. */
export interface RedisDecisionQueueOptions {
  readonly connection: RedisConnection;
  readonly shards: readonly ShardKeys[];
  /** Most entries of one shard. */
  readonly maxLength: number;
}

/**
 * The producing end of the decision stream on Redis. Calls go to the shards in turn; the decisions of one call lie in one
 * shard, all or none. A call that times out may still be carried out: decisions are written once by their id.
 */
export class RedisDecisionQueue implements DecisionQueue {
  readonly #options: RedisDecisionQueueOptions;
  #turn = 0;

  constructor(options: RedisDecisionQueueOptions) {
    this.#options = options;
  }

  async enqueue(decisions: readonly DecisionRecord[]): Promise<void> {
    if (decisions.length === 0) return;
    const { connection, maxLength } = this.#options;
    const client = await connection.client();
    const values = [maxLength, DECISION_FORMAT, ...decisions.map(encodeDecision)];
    let appended: unknown;
    try {
      appended = await APPEND.run(client, [this.#nextShard().stream], values);
    } catch (error) {
      throw streamUnavailable("queueing decisions", error);
    }
    if (appended !== 1) {
      throw new LottyError("decision_stream_unavailable", "The decision stream is full.", { details: { maxLength } });
    }
  }

  #nextShard(): ShardKeys {
    const { shards } = this.#options;
    const shard = shards[this.#turn % shards.length];
    if (shard === undefined) throw new LottyError("internal", "The decision stream has no shard.");
    this.#turn += 1;
    return shard;
  }
}
