import type { Instant } from "../instant.ts";

/** Removes events that are no longer to be kept. Measures and first exposures that were made of them stay. */
export interface EventRetention {
  /**
   * Removes some of the events that were received before an instant.
   *
   * @param limit most of them
   * @returns how many; fewer than `limit` when there are no more
   * @throws LottyError `database_unavailable`
   */
  removeBefore(before: Instant, limit: number): Promise<number>;
}
