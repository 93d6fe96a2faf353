import type { DecisionStream, Logger, StreamEntry } from "@lotty/domain";
import { partsOf, placesIn } from "./decision-place.ts";
import { streamUnavailable } from "./redis-error.ts";
import { RestingServers } from "./resting-servers.ts";
import type { StreamShard, TakenEntry } from "./stream-shard.ts";

/** A read that is under way on a shard, or has ended and waits to be taken. */
type ReadUnderWay = Promise<void>;

/**
 * The consuming end of the decision stream on Redis: one member of the group on every shard. As long as one server works, the
 * work goes on with its shards, and those of servers that are away are left alone for a second at a time.
 *
 * The server hands out entries, which hold one decision or several; what was not asked for of the last one waits here. Decisions
 * are acknowledged one by one all the same: the server notes which of an entry are done, and is done with it after the last.
 */
export class RedisDecisionStream<Item> implements DecisionStream<Item> {
  readonly #shards: readonly StreamShard<Item>[];
  readonly #logger: Logger;
  readonly #resting = new RestingServers();
  /** Decisions that are here and not given back: what another look at the pending entries must pass over. */
  readonly #held = new Set<string>();
  /** Decisions that came while the caller was busy with others, or beyond what was asked for. */
  readonly #arrived: StreamEntry<Item>[] = [];
  /** Those of them that were another member's. */
  readonly #reclaimed: StreamEntry<Item>[] = [];
  readonly #reads = new Map<number, ReadUnderWay>();
  #fault: unknown;

  /** @param shards one per shard, in order */
  constructor(shards: readonly StreamShard<Item>[], logger: Logger) {
    this.#shards = shards;
    this.#logger = logger;
  }

  async read(max: number, waitMillis: number): Promise<readonly StreamEntry<Item>[]> {
    const room = max - this.#arrived.length;
    if (room > 0) {
      const hasSome = room < max;
      const started = this.#startReads(room, hasSome ? 0 : waitMillis);
      // A few that are here do not make a batch of their own if there are more: it would cost nearly as much as a full one.
      if (hasSome && started.length > 0) await Promise.race(started);
      while (this.#reads.size > 0 && this.#arrived.length === 0) await Promise.race(this.#reads.values());
    }
    if (this.#arrived.length === 0 && this.#isAway) throw streamUnavailable("reading the stream", this.#fault);
    return this.#arrived.splice(0, max);
  }

  async reclaim(max: number, minIdleMillis: number): Promise<readonly StreamEntry<Item>[]> {
    const reclaimed = this.#reclaimed;
    let lost = 0;
    for (const [index, shard] of this.#awake()) {
      await this.#attempt(shard, async () => {
        let cursor: string | undefined = "0-0";
        while (cursor !== undefined && reclaimed.length < max) {
          const claimed = await shard.claim(max - reclaimed.length, minIdleMillis, cursor);
          reclaimed.push(...this.#hold(index, claimed.entries));
          lost += claimed.lost;
          cursor = claimed.next;
        }
      });
    }
    if (lost > 0) this.#logger.error("decision_stream_entries_lost", { count: lost });
    // Those claimed so far are in hand and will be worked on; the rest can wait for the next time.
    if (reclaimed.length === 0 && this.#isAway) throw streamUnavailable("reclaiming stalled entries", this.#fault);
    return reclaimed.splice(0, max);
  }

  async acknowledge(ids: readonly string[]): Promise<void> {
    // Given back also if the server does not hear of it, so that they are handed out again and not forgotten.
    for (const id of ids) this.#held.delete(id);
    for (const [index, parts] of partsOf(ids)) {
      const shard = this.#shards[index];
      if (shard === undefined) continue;
      const heard = await this.#attempt(shard, () => shard.acknowledge(parts));
      if (heard) continue;
      if (this.#isAway) throw streamUnavailable("acknowledging entries", this.#fault);
      // They are handed out once more when their server is back, and written once. Nobody has to wait for that.
      const error = streamUnavailable("acknowledging entries", this.#fault, { partial: true });
      const count = parts.reduce((sum, { positions }) => sum + positions.size, 0);
      this.#logger.warn("decision_stream_acknowledgement_lost", { shard: index, count, error });
    }
  }

  async setAside(entry: StreamEntry<Item>, reason: string): Promise<void> {
    this.#held.delete(entry.id);
    await this.#onStream("setting an entry aside", async () => {
      for (const [index, parts] of partsOf([entry.id])) {
        for (const part of parts) await this.#shards[index]?.setAside(part, reason);
      }
    });
  }

  async backlog(): Promise<{ readonly unread: number; readonly pending: number }> {
    return this.#onStream("counting waiting entries", async () => {
      const each = await Promise.all(this.#shards.map((shard) => shard.backlog()));
      return {
        unread: each.reduce((sum, { unread }) => sum + unread, 0),
        pending: each.reduce((sum, { pending }) => sum + pending, 0),
      };
    });
  }

  /** Leaves the group on every shard. What this member holds may be taken over at once. */
  async leave(): Promise<void> {
    await this.#onStream("leaving the stream", async () => {
      await Promise.all(this.#shards.map((shard) => shard.leave()));
    });
  }

  /** The shards to work on: those whose servers have not failed a moment ago; with none left, all of them. */
  #awake(): readonly (readonly [number, StreamShard<Item>])[] {
    const all = [...this.#shards.entries()];
    const awake = all.filter(([, { server }]) => !this.#resting.isResting(server));
    return awake.length > 0 ? awake : all;
  }

  /** Whether no server works. */
  get #isAway(): boolean {
    return this.#shards.every(({ server }) => this.#resting.isFailing(server));
  }

  /** Begins a read on each shard that has none under way. */
  #startReads(max: number, waitMillis: number): readonly ReadUnderWay[] {
    const share = Math.max(1, Math.floor(max / this.#shards.length));
    const idle = this.#awake().filter(([index]) => !this.#reads.has(index));
    return idle.map(([index, shard]) => {
      const reading = this.#readShard(index, shard.read(share, waitMillis));
      this.#reads.set(index, reading);
      return reading;
    });
  }

  async #readShard(index: number, reading: Promise<readonly TakenEntry<Item>[]>): ReadUnderWay {
    const shard = this.#shards[index];
    if (shard === undefined) return;
    await this.#attempt(shard, async () => {
      this.#arrived.push(...this.#hold(index, await reading));
    });
    this.#reads.delete(index);
  }

  /** Does something on the server of a shard and remembers how that went; `false` when it failed. */
  async #attempt({ server }: StreamShard<Item>, operation: () => Promise<void>): Promise<boolean> {
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

  #hold(index: number, entries: readonly TakenEntry<Item>[]): readonly StreamEntry<Item>[] {
    const fresh: StreamEntry<Item>[] = [];
    for (const { id: idInShard, items, deliveries, isDone } of entries) {
      const places = placesIn(index, idInShard, items.length);
      for (const [position, item] of items.entries()) {
        const id = places[position];
        if (id === undefined || isDone(position) || this.#held.has(id)) continue;
        this.#held.add(id);
        fresh.push({ id, item, deliveries });
      }
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
