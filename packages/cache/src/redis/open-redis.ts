import {
  LottyError,
  type ChangeNotices,
  type DeadLetters,
  type DecisionCache,
  type DecisionQueue,
  type DecisionStream,
  type EventQueue,
  type EventRecord,
  type EventStream,
  type Logger,
  type SubjectHistoryCache,
} from "@lotty/domain";
import { DECISION_CODEC, EVENT_CODEC } from "../codecs/item-codec.ts";
import type { ServerSettings } from "./connection-options.ts";
import { durabilityFaults } from "./durability-faults.ts";
import { DEFAULT_KEY_PREFIX, RedisKeys } from "./keys.ts";
import { RedisChangeNotices } from "./redis-change-notices.ts";
import { RedisConnection } from "./redis-connection.ts";
import { RedisDeadLetters } from "./redis-dead-letters.ts";
import { RedisDecisionCache } from "./redis-decision-cache.ts";
import { RedisDecisionQueue } from "./redis-decision-queue.ts";
import { RedisHistoryCache } from "./redis-history-cache.ts";
import { cacheUnavailable } from "./redis-error.ts";
import { serverLayout, type ServerLayout } from "./server-layout.ts";
import { StreamMembers } from "./stream-members.ts";

/** Settings of {@link openRedis}. */
export interface OpenRedisOptions {
  /**
   * `redis://` or, encrypted, `rediss://`, with user, password and database as needed. Redis 7.0 or later. Of a cluster, one
   * node or several: the others are learned, and are reached with the user, password and encryption of the first.
   */
  readonly url: string | readonly string[];
  /** Whether the server is a Redis Cluster. Default: no. */
  readonly cluster?: boolean;
  readonly logger: Logger;
  /** First part of every name on the server, without braces. Default `lotty:`. */
  readonly keyPrefix?: string;
  /** How long a command of a request may take, in milliseconds. Default {@link DEFAULT_COMMAND_TIMEOUT_MILLIS}. */
  readonly commandTimeoutMillis?: number;
  /** Decisions in the stream, all shards together, at which it counts as full. Default {@link DEFAULT_STREAM_MAX_LENGTH}. */
  readonly streamMaxLength?: number;
  /** Events in their stream at which it counts as full. Default {@link DEFAULT_STREAM_MAX_LENGTH}. */
  readonly eventStreamMaxLength?: number;
  /** Parts of the decision stream, 1 or more; the same for every process. Default 1. */
  readonly streamShards?: number;
}

/** The connection for commands, lent to a library. */
export interface RedisCounters {
  /** A client of ioredis, or of its cluster. Commands fail at once while the server is away. */
  readonly client: object;
  /** First part of every name that may be used. */
  readonly keyPrefix: string;
}

/** The ports on one Redis server, or on one cluster. */
export interface RedisConnections {
  readonly decisionCache: DecisionCache;
  readonly historyCache: SubjectHistoryCache;
  readonly notices: ChangeNotices;
  readonly queue: DecisionQueue;
  readonly deadLetters: DeadLetters;
  readonly eventQueue: EventQueue;
  readonly eventDeadLetters: DeadLetters<EventRecord>;
  /** For libraries that count in Redis by themselves. */
  readonly counters: RedisCounters;

  /**
   * A member of the group of workers, on connections of its own that open with its first use.
   *
   * @param consumerName unique among the workers that run at the same time
   */
  stream(consumerName: string): DecisionStream;

  /** As {@link RedisConnections.stream}, of the stream of events. */
  eventStream(consumerName: string): EventStream;

  /**
   * Settings of the server that would lose queued decisions after they were acknowledged, one sentence each.
   *
   * @throws LottyError `decision_stream_unavailable`
   */
  durabilityFaults(): Promise<string[]>;

  /**
   * How the server is set up.
   *
   * @throws LottyError `cache_unavailable`
   */
  layout(): Promise<ServerLayout>;

  /**
   * Whether the server answers.
   *
   * @throws LottyError `cache_unavailable`
   */
  ping(): Promise<void>;

  /** Leaves the stream and ends all connections. What is under way fails. */
  close(): Promise<void>;
}

/** Half a second: many times what a healthy server takes, and bearable in a request when it is not. */
export const DEFAULT_COMMAND_TIMEOUT_MILLIS = 500;

/**
 * A million decisions: at most 330 MB of the server's memory (measured with usual ids and a digest: 330 bytes each when each has
 * an entry of its own, 288 in full ones).
 */
export const DEFAULT_STREAM_MAX_LENGTH = 1_000_000;

/**
 * Opens the ports on Redis. Returns as soon as the first attempt to connect has ended, at most after a second, also
 * when the server is not there: the ports then fail fast, and work as soon as it comes.
 *
 * @throws LottyError `invalid_configuration`
 */
export async function openRedis(options: OpenRedisOptions): Promise<RedisConnections> {
  const { logger, streamShards = 1 } = options;
  const { eventStreamMaxLength = DEFAULT_STREAM_MAX_LENGTH, streamMaxLength = DEFAULT_STREAM_MAX_LENGTH } = options;
  if (!Number.isInteger(streamShards) || streamShards < 1) {
    throw new LottyError("invalid_configuration", "The decision stream needs at least one shard.");
  }
  const server: ServerSettings = {
    urls: addresses(options),
    cluster: options.cluster ?? false,
    logger,
    commandTimeoutMillis: options.commandTimeoutMillis ?? DEFAULT_COMMAND_TIMEOUT_MILLIS,
  };
  const keyPrefix = options.keyPrefix ?? DEFAULT_KEY_PREFIX;
  const keys = new RedisKeys(keyPrefix);
  const shards = Array.from({ length: streamShards }, (_, shard) => keys.shard(shard));
  const eventShards = shards.map((_, shard) => keys.shard(shard, "events"));

  const connection = new RedisConnection(server, "commands");
  const members = new StreamMembers(server, shards, DECISION_CODEC);
  const eventMembers = new StreamMembers(server, eventShards, EVENT_CODEC);
  const notices = new RedisChangeNotices({
    publisher: connection,
    openSubscriber: () => new RedisConnection(server, "subscriber"),
    channel: keys.notices(),
    logger,
  });
  const client = await connection.client();
  const patienceMillis = server.commandTimeoutMillis / 2;

  return {
    decisionCache: new RedisDecisionCache(connection, keys),
    historyCache: new RedisHistoryCache(connection, keys),
    notices,
    queue: new RedisDecisionQueue({
      codec: DECISION_CODEC,
      connection,
      shards,
      maxLength: Math.ceil(streamMaxLength / streamShards),
      patienceMillis,
    }),
    deadLetters: new RedisDeadLetters(connection, shards, DECISION_CODEC),
    eventQueue: new RedisDecisionQueue({
      codec: EVENT_CODEC,
      connection,
      shards: eventShards,
      maxLength: Math.ceil(eventStreamMaxLength / streamShards),
      patienceMillis,
    }),
    eventDeadLetters: new RedisDeadLetters(connection, eventShards, EVENT_CODEC),
    counters: { client, keyPrefix },
    stream: (consumerName) => members.join(consumerName),
    eventStream: (consumerName) => eventMembers.join(consumerName),
    durabilityFaults: () => durabilityFaults(connection),
    layout: () => serverLayout(connection, shards),
    ping: () => ping(connection),
    close: async () => {
      await members.close();
      await eventMembers.close();
      await notices.close();
      connection.close();
    },
  };
}

function addresses({ url, cluster = false }: OpenRedisOptions): ServerSettings["urls"] {
  const [first, ...others] = typeof url === "string" ? [url] : url;
  if (first === undefined || (others.length > 0 && !cluster)) {
    throw new LottyError("invalid_configuration", "Redis needs one address, or as a cluster at least one.");
  }
  return [first, ...others];
}

async function ping(connection: RedisConnection): Promise<void> {
  const client = await connection.client();
  try {
    await client.ping();
  } catch (error) {
    throw cacheUnavailable("asking for a sign of life", error);
  }
}
