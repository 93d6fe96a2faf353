import type { DecisionStream, StreamEntry } from "@lotty/domain";
import { streamUnavailable } from "./redis-error.ts";
import { inShard, locate } from "./shard-id.ts";
import type { StreamShard } from "./stream-shard.ts";

/** A read that is under way on a shard, or has ended and waits to be taken. */
type ReadUnderWay = Promise<void>;

/** The consuming end of the decision stream on Redis: one member of the group on every shard. */
export class RedisDecisionStream implements DecisionStream {
  readonly #shards: readonly StreamShard[];
  /** Entries handed out and not given back: what another look at the pending entries must pass over. */
  readonly #held = new Set<string>();
  /** Entries that a shard brought while the caller was busy with those of another. */
  readonly #arrived: StreamEntry[] = [];
  readonly #reads = new Map<number, ReadUnderWay>();
  #readFault: { readonly error: unknown } | undefined;

  /** @param shards one per shard, in order */
  constructor(shards: readonly StreamShard[]) {
    this.#shards = shards;
  }

  async read(max: number, waitMillis: number): Promise<readonly StreamEntry[]> {
    if (this.#arrived.length > 0) return this.#arrived.splice(0, max);
    const share = Math.max(1, Math.floor(max / this.#shards.length));
    for (const [index, shard] of this.#shards.entries()) {
      if (!this.#reads.has(index)) this.#reads.set(index, this.#readShard(index, shard.read(share, waitMillis)));
    }
    await this.#firstArrival();
    // Entries first: the fault of one shard must not hide what another brought.
    if (this.#arrived.length === 0 && this.#readFault !== undefined) {
      const { error } = this.#readFault;
      this.#readFault = undefined;
      throw streamUnavailable("reading the decision stream", error);
    }
    return this.#arrived.splice(0, max);
  }

  async reclaim(max: number, minIdleMillis: number): Promise<readonly StreamEntry[]> {
    const entries: StreamEntry[] = [];
    try {
      for (const [index, shard] of this.#shards.entries()) {
        let cursor: string | undefined = "0-0";
        while (cursor !== undefined && entries.length < max) {
          const claimed = await shard.claim(max - entries.length, minIdleMillis, cursor);
          entries.push(...this.#hold(index, claimed.entries));
          cursor = claimed.next;
        }
      }
    } catch (error) {
      // Those claimed so far are in hand and will be worked on; the rest can wait for the next time.
      if (entries.length === 0) throw streamUnavailable("reclaiming stalled decisions", error);
    }
    return entries;
  }

  async acknowledge(ids: readonly string[]): Promise<void> {
    // Given back also if the server does not hear of it, so that they are handed out again and not forgotten.
    for (const id of ids) this.#held.delete(id);
    const byShard = Map.groupBy(ids.map(locate), ({ shard }) => shard);
    await this.#onStream("acknowledging decisions", async () => {
      for (const [index, located] of byShard) {
        await this.#shards[index]?.acknowledge(located.map(({ id }) => id));
      }
    });
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

  /** Waits until something has arrived or failed, or every read has ended. */
  async #firstArrival(): Promise<void> {
    while (this.#reads.size > 0 && this.#arrived.length === 0 && this.#readFault === undefined) {
      await Promise.race(this.#reads.values());
    }
  }

  async #readShard(index: number, reading: Promise<readonly StreamEntry[]>): ReadUnderWay {
    try {
      this.#arrived.push(...this.#hold(index, await reading));
    } catch (error) {
      this.#readFault = { error };
    } finally {
      this.#reads.delete(index);
    }
  }

  #hold(index: number, entries: readonly StreamEntry[]): readonly StreamEntry[] {
    const fresh = entries
      .map((entry) => ({ ...entry, id: inShard(index, entry.id) }))
      .filter(({ id }) => !this.#held.has(id));
    for (const { id } of fresh) this.#held.add(id);
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
