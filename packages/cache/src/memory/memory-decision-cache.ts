import type { CachedDecision, Clock, DecisionCache } from "@lotty/domain";
import { ExpiringEntries } from "./expiring-entries.ts";

/** A decision cache of this process alone. Never fails. */
export class MemoryDecisionCache implements DecisionCache {
  readonly #entries: ExpiringEntries<CachedDecision>;

  constructor(clock: Clock, maxEntries: number) {
    this.#entries = new ExpiringEntries(clock, maxEntries);
  }

  get(key: string): Promise<CachedDecision | undefined> {
    return Promise.resolve(this.#entries.get(key));
  }

  set(key: string, entry: CachedDecision, ttlSeconds: number): Promise<void> {
    const { reason, experimentId, variantId } = entry;
    this.#entries.set(key, Object.freeze({ reason, experimentId, variantId }), ttlSeconds);
    return Promise.resolve();
  }
}
