import type { DecisionStream, Logger, StreamEntry } from "@lotty/domain";
import { streamUnavailable } from "./redis-error.ts";
import { RestingServers } from "./resting-servers.ts";
import { inShard, locate } from "./shard-id.ts";
import type { StreamShard } from "./stream-shard.ts";

/** A read that is under way on a shard, or has ended and waits to be taken. */
type ReadUnderWay = Promise<void>;

/**
 * The consuming end of the decision stream on Redis: one member of the group on every shard. As long as one server works, the
 * work goes on with its shards, and those of servers that are away are left alone for a second at a time.
 */
export class RedisDecisionStream implements DecisionStream {
  readonly #shards: readonly StreamShard[];
  readonly #logger: Logger;
  readonly #resting = new RestingServers();
  /** Entries handed out and not given back: what another look at the pending entries must pass over. */
  readonly #held = new Set<string>();
  /** Entries that a shard brought while the caller was busy with those of another. */
  readonly #arrived: StreamEntry[] = [];
  readonly #reads = new Map<number, ReadUnderWay>();
  #fault: unknown;

  /** @param shards one per shard, in order */
  constructor(shards: readonly StreamShard[], logger: Logger) {
    this.#shards = shards;
    this.#logger = logger;
  }

  async read(max: number, waitMillis: number): Promise<readonly StreamEntry[]> {
    if (this.#arrived.length > 0) return this.#arrived.splice(0, max);
    const share = Math.max(1, Math.floor(max / this.#shards.length));
    for (const [index, shard] of this.#awake()) {
      if (!this.#reads.has(index)) this.#reads.set(index, this.#readShard(index, shard.read(share, waitMillis)));
    }
    while (this.#reads.size > 0 && this.#arrived.length === 0) await Promise.race(this.#reads.values());
    if (this.#arrived.length === 0 && this.#isAway) throw streamUnavailable("reading the decision stream", this.#fault);
    return this.#arrived.splice(0, max);
  }

  async reclaim(max: number, minIdleMillis: number): Promise<readonly StreamEntry[]> {
    const entries: StreamEntry[] = [];
    for (const [index, shard] of this.#awake()) {
      await this.#attempt(shard, async () => {
        let cursor: string | undefined = "0-0";
        while (cursor !== undefined && entries.length < max) {
          const claimed = await shard.claim(max - entries.length, minIdleMillis, cursor);
          entries.push(...this.#hold(index, claimed.entries));
          cursor = claimed.next;
        }
      });
    }
    // Those claimed so far are in hand and will be worked on; the rest can wait for the next time.
    if (entries.length === 0 && this.#isAway) throw streamUnavailable("reclaiming stalled decisions", this.#fault);
    return entries;
  }

  async acknowledge(ids: readonly string[]): Promise<void> {
    // Given back also if the server does not hear of it, so that they are handed out again and not forgotten.
    for (const id of ids) this.#held.delete(id);
    const byShard = Map.groupBy(ids.map(locate), ({ shard }) => shard);
    for (const [index, located] of byShard) {
      const shard = this.#shards[index];
      if (shard === undefined) continue;
      const heard = await this.#attempt(shard, () => shard.acknowledge(located.map(({ id }) => id)));
      if (heard) continue;
      if (this.#isAway) throw streamUnavailable("acknowledging decisions", this.#fault);
      // They are handed out once more when their server is back, and written once. Nobody has to wait for that.
      const error = streamUnavailable("acknowledging decisions", this.#fault, { partial: true });
      this.#logger.warn("decision_stream_acknowledgement_lost", { shard: index, count: located.length, error });
    }
  }

  async setAside(entry: StreamEntry, reason: string): Promise<void> {
    this.#held.delete(entry.id);
    const { shard, id } = locate(entry.id);
    await this.#onStream("setting a decision aside", async () => this.#shards[shard]?.setAside(id, reason));
  }

  async backlog(): Promise<{ readonly unread: number; readonly pending: number }> {
    return this.#onStream("counting waiting decisions", async () => {
      const each = await Promise.all(this.#shards.map((shard) => shard.backlog()));
      return {
        unread: each.reduce((sum, { unread }) => sum + unread, 0),
        pending: each.reduce((sum, { pending }) => sum + pending, 0),
      };
    });
  }

  /** Leaves the group on every shard where this member holds nothing. */
  async leave(): Promise<void> {
    await this.#onStream("leaving the decision stream", async () => {
      await Promise.all(this.#shards.map((shard) => shard.leave()));
    });
  }

  /** The shards to work on: those whose servers have not failed a moment ago; with none left, all of them. */
  #awake(): readonly (readonly [number, StreamShard])[] {
    const all = [...this.#shards.entries()];
    const awake = all.filter(([, { server }]) => !this.#resting.isResting(server));
    return awake.length > 0 ? awake : all;
  }

  /** Whether no server works. */
  get #isAway(): boolean {
    return this.#shards.every(({ server }) => this.#resting.isFailing(server));
  }

  async #readShard(index: number, reading: Promise<readonly StreamEntry[]>): ReadUnderWay {
    const shard = this.#shards[index];
    if (shard === undefined) return;
    await this.#attempt(shard, async () => {
      this.#arrived.push(...this.#hold(index, await reading));
    });
    this.#reads.delete(index);
  }

  /** Does something on the server of a shard and remembers how that went; `false` when it failed. */
  async #attempt({ server }: StreamShard, operation: () => Promise<void>): Promise<boolean> {
    try {
      await operation();
      this.#resting.worked(server);
      return true;
    } catch (error) {
      this.#fault = error;
      this.#resting.failed(server);
      return false;
    }
  }

  #hold(index: number, entries: readonly StreamEntry[]): readonly StreamEntry[] {
    const fresh: StreamEntry[] = [];
    for (const { id: idInShard, decision, deliveries } of entries) {
      const id = inShard(index, idInShard);
      if (this.#held.has(id)) continue;
      this.#held.add(id);
      fresh.push({ id, decision, deliveries });
    }
    return fresh;
  }

  async #onStream<T>(attempt: string, operation: () => Promise<T>): Promise<T> {
    try {
      return await operation();
    } catch (error) {
      throw streamUnavailable(attempt, error);
    }
  }
}
