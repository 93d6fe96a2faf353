import { MICROS_PER_MILLI, type Clock, type Instant } from "@lotty/domain";
import { LRUCache } from "lru-cache";

interface Entry<V> {
  readonly value: V;
  readonly endsAt: Instant;
}

/**
 * The most recently used entries, each for a limited time by the given clock. lru-cache's own expiry follows the
 * machine's clock; here the end is kept beside the value, so that tests and the system tell the same time.
 */
export class ExpiringEntries<V> {
  readonly #clock: Clock;
  readonly #entries: LRUCache<string, Entry<V>>;

  constructor(clock: Clock, maxEntries: number) {
    this.#clock = clock;
    this.#entries = new LRUCache({ max: maxEntries });
  }

  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (this.#clock.now() < entry.endsAt) return entry.value;
    this.#entries.delete(key);
    return undefined;
  }

  set(key: string, value: V, ttlSeconds: number): void {
    const endsAt = this.#clock.now() + ttlSeconds * 1_000 * MICROS_PER_MILLI;
    this.#entries.set(key, { value, endsAt });
  }

  /** Replaces the value of an entry that is there; its end does not move. */
  update(key: string, change: (value: V) => V): void {
    const value = this.get(key);
    const entry = this.#entries.peek(key);
    if (value === undefined || entry === undefined) return;
    this.#entries.set(key, { value: change(value), endsAt: entry.endsAt });
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }
}
