export {
  createMemoryCaches,
  DEFAULT_MEMORY_ENTRIES,
  type MemoryCaches,
  type MemoryCachesOptions,
} from "./memory/create-memory-caches.ts";
export { MemoryChangeNotices } from "./memory/memory-change-notices.ts";
export { MemoryDecisionCache } from "./memory/memory-decision-cache.ts";
export { MemoryHistoryCache } from "./memory/memory-history-cache.ts";
export {
  DEFAULT_COMMAND_TIMEOUT_MILLIS,
  DEFAULT_STREAM_MAX_LENGTH,
  openRedis,
  type OpenRedisOptions,
  type RedisConnections,
  type RedisCounters,
} from "./redis/open-redis.ts";
export type { ServerLayout } from "./redis/server-layout.ts";
