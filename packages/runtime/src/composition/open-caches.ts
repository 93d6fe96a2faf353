import { createMemoryCaches, openRedis, type RedisConnections } from "@lotty/cache";
import type { Config, RedisConfig } from "@lotty/config";
import {
  isLottyError,
  type Clock,
  type DecisionCache,
  type DecisionQueue,
  type EventQueue,
  type Logger,
  type SubjectHistoryCache,
} from "@lotty/domain";
import { GatedDecisionCache, GatedHistoryCache, GatedQueue } from "../resilience/gated-caches.ts";
import { OutageGate } from "../resilience/outage-gate.ts";

/** What speeds decisions up, and what buffers them. */
export interface Caches {
  /** `null` when the settings switch it off. */
  readonly decisionCache: DecisionCache | null;
  /** `null` when the settings switch it off, and where another process could write histories unnoticed. */
  readonly historyCache: SubjectHistoryCache | null;
  /** `null` without Redis. */
  readonly queue: DecisionQueue | null;
  /** `null` without Redis. */
  readonly eventQueue: EventQueue | null;
  /** The connections to Redis; `null` without it. */
  readonly redis: RedisConnections | null;
}

/** What caches work with. */
export interface CachesOptions {
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Opens the caches that a configuration asks for. A Redis that is away delays this by about a second and is no error:
 * decisions go on without it, and it is used as soon as it is there.
 */
export async function openCaches(config: Config, options: CachesOptions): Promise<Caches> {
  const keepDecisions = config.decisions.resultCacheTtlSeconds > 0;
  const keepHistories = config.decisions.historyCacheTtlSeconds > 0;
  if (config.redis === null) {
    const { decisionCache, historyCache } = createMemoryCaches(options);
    // A history kept in this process knows nothing of other processes' decisions; an embedded database has only one.
    const isAlone = config.database.kind === "embedded";
    return {
      decisionCache: keepDecisions ? decisionCache : null,
      historyCache: keepHistories && isAlone ? historyCache : null,
      queue: null,
      eventQueue: null,
      redis: null,
    };
  }
  const redis = await connect(config.redis, config, options);
  // One gate for both caches: they fail together. The stream has its own because it also refuses when it is full.
  const gate = new OutageGate();
  return {
    decisionCache: keepDecisions ? new GatedDecisionCache(redis.decisionCache, gate) : null,
    historyCache: keepHistories ? new GatedHistoryCache(redis.historyCache, gate) : null,
    // When only some servers of a cluster are away, the queue itself keeps off them and goes on with the others.
    queue: new GatedQueue(redis.queue, new OutageGate({ isFailure: (error) => !isPartial(error) })),
    eventQueue: new GatedQueue(redis.eventQueue, new OutageGate({ isFailure: (error) => !isPartial(error) })),
    redis,
  };
}

function isPartial(error: unknown): boolean {
  return isLottyError(error) && error.details["partial"] === true;
}

function connect(settings: RedisConfig, config: Config, { logger }: CachesOptions): Promise<RedisConnections> {
  return openRedis({
    url: settings.urls.map((url) => url.reveal()),
    cluster: settings.cluster,
    keyPrefix: `${settings.keyPrefix}:`,
    commandTimeoutMillis: settings.commandTimeoutMillis,
    streamMaxLength: config.decisions.streamMaxLength,
    streamShards: config.decisions.streamShards,
    eventStreamMaxLength: config.events.streamMaxLength,
    logger,
  });
}
