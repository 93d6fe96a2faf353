import type { CachedDecision, DecisionCache } from "@lotty/domain";

/** A decision cache that keeps everything for ever and can be broken. */
export class KeepingDecisionCache implements DecisionCache {
  readonly entries: Map<string, CachedDecision> = new Map();
  #failure: Error | undefined;

  /** Makes every call fail until called with `undefined`. */
  failWith(error: Error | undefined): void {
    this.#failure = error;
  }

  async get(key: string): Promise<CachedDecision | undefined> {
    if (this.#failure !== undefined) throw this.#failure;
    return this.entries.get(key);
  }

  async set(key: string, entry: CachedDecision, _ttlSeconds: number): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    this.entries.set(key, entry);
  }
}
