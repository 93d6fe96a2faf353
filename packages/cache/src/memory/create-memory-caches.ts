import type { Clock, Logger } from "@lotty/domain";
import { MemoryChangeNotices } from "./memory-change-notices.ts";
import { MemoryDecisionCache } from "./memory-decision-cache.ts";
import { MemoryHistoryCache } from "./memory-history-cache.ts";

/** Settings of {@link createMemoryCaches}. */
export interface MemoryCachesOptions {
  /** Tells when entries end. */
  readonly clock: Clock;
  /** Most entries of each cache; the least recently used go first. Default: {@link DEFAULT_MEMORY_ENTRIES}. */
  readonly maxEntries?: number;
  readonly logger?: Logger;
}

/** What a process without Redis uses in its place. */
export interface MemoryCaches {
  readonly decisionCache: MemoryDecisionCache;
  readonly historyCache: MemoryHistoryCache;
  readonly notices: MemoryChangeNotices;
}

/** Entries of each cache unless told otherwise: about 40 MB when both are full, measured with one assignment each. */
export const DEFAULT_MEMORY_ENTRIES = 50_000;

/**
 * Caches and notices within this process: they hold what other processes do not see, and never fail. There is no decision
 * stream in memory, because what is queued there must not be answered as kept.
 */
export function createMemoryCaches(options: MemoryCachesOptions): MemoryCaches {
  const { clock, maxEntries = DEFAULT_MEMORY_ENTRIES, logger } = options;
  return {
    decisionCache: new MemoryDecisionCache(clock, maxEntries),
    historyCache: new MemoryHistoryCache(clock, maxEntries),
    notices: new MemoryChangeNotices(logger),
  };
}
