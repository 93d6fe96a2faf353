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

/** Decisions of several callers that go to the server together. */
interface Group {
  readonly payloads: string[];
  readonly sent: PromiseWithResolvers<void>;
}

/** Groups on their way at a time. While they are, whatever comes in gathers for the next; nobody waits for a timer. */
const GROUPS_UNDER_WAY = 2;

/** A group takes no more callers from this many entries on, so that no script holds the server up. */
const FULL_GROUP = 500;

/**
 * The producing end of the decision stream on Redis. Groups go to the shards in turn, each as a whole, so the decisions of
 * one call are appended all or none. A call that times out may still be carried out: decisions are written once by their id.
 */
export class RedisDecisionQueue implements DecisionQueue {
  readonly #options: RedisDecisionQueueOptions;
  readonly #waiting: Group[] = [];
  #underWay = 0;
  #turn = 0;

  constructor(options: RedisDecisionQueueOptions) {
    this.#options = options;
  }

  async enqueue(decisions: readonly DecisionRecord[]): Promise<void> {
    if (decisions.length === 0) return;
    const group = this.#openGroup();
    for (const decision of decisions) group.payloads.push(encodeDecision(decision));
    this.#send();
    await group.sent.promise;
  }

  #openGroup(): Group {
    const last = this.#waiting.at(-1);
    if (last !== undefined && last.payloads.length < FULL_GROUP) return last;
    const group = { payloads: [], sent: Promise.withResolvers<void>() };
    this.#waiting.push(group);
    return group;
  }

  #send(): void {
    if (this.#underWay >= GROUPS_UNDER_WAY) return;
    const group = this.#waiting.shift();
    if (group === undefined) return;
    this.#underWay += 1;
    this.#append(group.payloads).then(
      () => {
        this.#underWay -= 1;
        group.sent.resolve();
        this.#send();
      },
      (error: unknown) => {
        this.#underWay -= 1;
        // Those behind have waited long enough: they would learn the same, later.
        for (const { sent } of [group, ...this.#waiting.splice(0)]) sent.reject(error);
      },
    );
  }

  async #append(payloads: readonly string[]): Promise<void> {
    const { connection, maxLength } = this.#options;
    const client = await connection.client();
    let appended: unknown;
    try {
      appended = await APPEND.run(client, [this.#nextShard().stream], [maxLength, DECISION_FORMAT, ...payloads]);
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
