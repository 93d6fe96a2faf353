import { MICROS_PER_MILLI, type Clock, type DecisionStream, type Instant, type StreamEntry } from "@lotty/domain";

/** An entry as it lies in the stream. */
export interface StoredEntry {
  readonly id: string;
  readonly item: StreamEntry["item"];
  /** What is shown of the entry among the dead letters. */
  readonly payload: string;
}

/** An entry that somebody has taken. */
export interface PendingEntry extends StoredEntry {
  readonly takenAt: Instant;
  readonly deliveries: number;
}

/** What the members of a group share. */
export interface StreamGroup {
  readonly clock: Clock;
  readonly unread: StoredEntry[];
  /** Taken and not acknowledged, by id, longest taken first. */
  readonly pending: Map<string, PendingEntry>;
  /** Called when an entry comes in. */
  readonly waiting: Set<() => void>;
  /** Puts an entry among the dead letters. */
  readonly bury: (entry: PendingEntry, reason: string) => void;
}

/** One member of the group of a stream in memory. */
export class MemoryStreamMember implements DecisionStream {
  readonly #group: StreamGroup;
  /** Entries handed out here and not given back. */
  readonly #held = new Set<string>();

  constructor(group: StreamGroup) {
    this.#group = group;
  }

  async read(max: number, waitMillis: number): Promise<readonly StreamEntry[]> {
    if (this.#group.unread.length === 0 && waitMillis > 0) await this.#arrival(waitMillis);
    return this.#group.unread.splice(0, max).map((entry) => this.#take(entry, 1));
  }

  async reclaim(max: number, minIdleMillis: number): Promise<readonly StreamEntry[]> {
    const latest = this.#group.clock.now() - minIdleMillis * MICROS_PER_MILLI;
    const stalled = [...this.#group.pending.values()].filter(
      ({ id, takenAt }) => takenAt <= latest && !this.#held.has(id),
    );
    return stalled.slice(0, max).map((entry) => this.#take(entry, entry.deliveries + 1));
  }

  async acknowledge(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.#release(id);
  }

  async setAside(entry: StreamEntry, reason: string): Promise<void> {
    const pending = this.#group.pending.get(entry.id);
    if (pending !== undefined) this.#group.bury(pending, reason);
    this.#release(entry.id);
  }

  async backlog(): Promise<{ readonly unread: number; readonly pending: number }> {
    return { unread: this.#group.unread.length, pending: this.#group.pending.size };
  }

  #take({ id, item, payload }: StoredEntry, deliveries: number): StreamEntry {
    // Deleted first, so that the map stays ordered by the time of taking.
    this.#group.pending.delete(id);
    this.#group.pending.set(id, { id, item, payload, takenAt: this.#group.clock.now(), deliveries });
    this.#held.add(id);
    return { id, item, deliveries };
  }

  #release(id: string): void {
    this.#group.pending.delete(id);
    this.#held.delete(id);
  }

  #arrival(waitMillis: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#group.waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, waitMillis);
      this.#group.waiting.add(done);
    });
  }
}
