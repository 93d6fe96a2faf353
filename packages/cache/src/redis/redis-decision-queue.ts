import { LottyError, type DecisionQueue, type DecisionRecord } from "@lotty/domain";
import { DECISION_FORMAT, encodeDecision } from "../codecs/decision-codec.ts";
import type { ShardKeys } from "./keys.ts";
import type { RedisClient } from "./redis-client.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { streamUnavailable } from "./redis-error.ts";
import { APPEND } from "./scripts/stream-scripts.ts";
import { ShardRotation, type ShardTurn } from "./shard-rotation.ts";

/** What the producing end needs. */
export interface RedisDecisionQueueOptions {
  readonly connection: RedisConnection;
  readonly shards: readonly ShardKeys[];
  /** Most entries of one shard. */
  readonly maxLength: number;
  /** After how long without success a group is given up instead of tried on another shard, in milliseconds. */
  readonly patienceMillis: number;
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
 * one call are appended all or none. What a shard does not take goes to one on another server, if that can be told soon
 * enough. A call that fails or times out may still be carried out: decisions are written once by their id.
 */
export class RedisDecisionQueue implements DecisionQueue {
  readonly #options: RedisDecisionQueueOptions;
  readonly #waiting: Group[] = [];
  readonly #rotation: ShardRotation;
  #underWay = 0;

  constructor(options: RedisDecisionQueueOptions) {
    this.#options = options;
    this.#rotation = new ShardRotation(options.shards, ({ slot }) => options.connection.serverOf(slot));
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
        group.sent.reject(error);
        // With all servers away, those behind have waited long enough: they would learn the same, later.
        if (!this.#rotation.isAwake) for (const { sent } of this.#waiting.splice(0)) sent.reject(error);
        this.#send();
      },
    );
  }

  async #append(payloads: readonly string[]): Promise<void> {
    const client = await this.#options.connection.client();
    const giveUpAt = performance.now() + this.#options.patienceMillis;
    const first = this.#rotation.next();
    try {
      await this.#appendTo(client, first, payloads);
    } catch (error) {
      const other = performance.now() < giveUpAt ? this.#rotation.another(first) : undefined;
      if (other === undefined) throw error;
      await this.#appendTo(client, other, payloads);
    }
  }

  async #appendTo(client: RedisClient, turn: ShardTurn, payloads: readonly string[]): Promise<void> {
    const { maxLength } = this.#options;
    const values = [maxLength, DECISION_FORMAT, ...payloads];
    let appended: unknown;
    try {
      appended = await this.#rotation.run(turn, () => APPEND.run(client, [turn.keys.stream], values));
    } catch (error) {
      throw streamUnavailable("queueing decisions", error, this.#rotation.isAwake ? { partial: true } : {});
    }
    if (appended !== 1) {
      throw new LottyError("decision_stream_unavailable", "The decision stream is full.", { details: { maxLength } });
    }
  }
}
