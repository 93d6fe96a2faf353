import type { DecisionReason } from "../reason.ts";

/** The outcome of a decision, to be reused for the same subject, attributes and configuration. */
export interface CachedDecision {
  readonly reason: DecisionReason;
  readonly experimentId: string;
  readonly variantId: string | null;
}

/** Keeps outcomes for a while. An accelerator: losing entries costs time, never correctness. */
export interface DecisionCache {
  /**
   * The entry under a key. Entries that are over, damaged or of another form count as missing.
   *
   * @throws LottyError `cache_unavailable`
   */
  get(key: string): Promise<CachedDecision | undefined>;

  /**
   * Keeps an entry for `ttlSeconds` (a positive whole number) from now.
   *
   * @throws LottyError `cache_unavailable`
   */
  set(key: string, entry: CachedDecision, ttlSeconds: number): Promise<void>;
}
