import type { ClusterOptions, RedisOptions } from "ioredis";
import type { Logger } from "@lotty/domain";

/**
 * What a connection is for. `commands`: short commands of requests. `control`: what a worker does beside reading. `reader`: the
 * blocking read of a worker. `subscriber`: change notices.
 */
export type ConnectionRole = "commands" | "control" | "reader" | "subscriber";

/** What all connections to a server share. */
export interface ServerSettings {
  /** `redis://` or `rediss://`, with user, password and database as needed; of a cluster, some of its nodes. */
  readonly urls: readonly [string, ...string[]];
  /** Whether the URLs name nodes of a Redis Cluster. */
  readonly cluster: boolean;
  readonly logger: Logger;
  /** How long a command of a request may take. */
  readonly commandTimeoutMillis: number;
}

/** Longest time that one blocking read waits at the server, in milliseconds. */
export const LONGEST_BLOCK_MILLIS = 5_000;

/** How long setting up a connection may take, in milliseconds; then commands fail until it is there. */
export const CONNECT_TIMEOUT_MILLIS = 1_000;

/** How long commands of a worker may take, in milliseconds: nobody waits for them, and batches are large. */
const CONTROL_TIMEOUT_MILLIS = 5_000;

/** Silence after which a connection with a command under way counts as dead, in milliseconds. */
const SILENCE_MILLIS = 2_000;

/** What we set of ioredis. Replies have the one shape of the plain protocol, so their mapping is left out. */
type ConnectionOptions = Omit<RedisOptions, "replyMapping">;

/** What we set of ioredis for a cluster. */
type ClusterConnectionOptions = Omit<ClusterOptions, "redisOptions"> & {
  readonly redisOptions: NodeOptions & ReturnType<typeof credentials>;
};

/** Settings of ioredis for a connection to the only server. */
export function connectionOptions(settings: ServerSettings, role: ConnectionRole): ConnectionOptions {
  return {
    ...nodeOptions(settings, role),
    lazyConnect: true,
    retryStrategy: reconnectDelay,
    enableOfflineQueue: false,
    // A former primary refuses writes after a failover; the new one is behind the same address.
    reconnectOnError: (error) => error.message.startsWith("READONLY"),
  };
}

/**
 * Settings of ioredis for the connections to a cluster. A node that is lost is not connected to again by itself: the next
 * command for its slots asks another node, which tells who has them now.
 */
export function clusterOptions(settings: ServerSettings, role: ConnectionRole): ClusterConnectionOptions {
  return {
    lazyConnect: true,
    clusterRetryStrategy: reconnectDelay,
    // Only for as long as the connection to a node is being made, at most; see PromptCluster for the rest.
    enableOfflineQueue: true,
    // Like those to the only server, commands fail at once and are not tried again behind the caller's back.
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    // Names stay names: certificates are made out to them, and the connection itself looks their addresses up.
    dnsLookup: (name, callback) => callback(null, name),
    // The check asks any node, also one that is away, and takes its silence for that of the cluster.
    enableReadyCheck: false,
    slotsRefreshTimeout: CONNECT_TIMEOUT_MILLIS,
    // A reader learns by redirection when its shard has moved, and does without the connection that asks in between.
    ...(role === "reader" && { slotsRefreshInterval: 0 }),
    redisOptions: { ...credentials(settings.urls[0]), ...nodeOptions(settings, role) },
  };
}

/** What the nodes that are learned from others are reached with. */
function credentials(text: string): Pick<RedisOptions, "username" | "password" | "tls"> {
  const { protocol, username, password } = new URL(text);
  return {
    ...(username !== "" && { username: decodeURIComponent(username) }),
    ...(password !== "" && { password: decodeURIComponent(password) }),
    ...(protocol === "rediss:" && { tls: {} }),
  };
}

/** What applies to one connection, whether it is the only one or one of several. */
type NodeOptions = Pick<
  ConnectionOptions,
  | "autoResendUnfulfilledCommands"
  | "blockingTimeout"
  | "blockingTimeoutGrace"
  | "commandTimeout"
  | "connectionName"
  | "connectTimeout"
  | "maxRetriesPerRequest"
  | "protocol"
  | "socketTimeout"
>;

function nodeOptions(settings: ServerSettings, role: ConnectionRole): NodeOptions {
  return {
    connectionName: `lotty-${role}`,
    // The plain protocol also passes through proxies, and replies have one shape on every server version.
    protocol: 2,
    connectTimeout: CONNECT_TIMEOUT_MILLIS,
    ...timeouts(settings, role),
  };
}

function timeouts(settings: ServerSettings, role: ConnectionRole): NodeOptions {
  const { commandTimeoutMillis } = settings;
  switch (role) {
    case "commands":
      return {
        commandTimeout: commandTimeoutMillis,
        maxRetriesPerRequest: 1,
        socketTimeout: Math.max(SILENCE_MILLIS, 2 * commandTimeoutMillis),
      };
    case "control":
    case "subscriber":
      return {
        commandTimeout: CONTROL_TIMEOUT_MILLIS,
        maxRetriesPerRequest: 1,
        socketTimeout: CONTROL_TIMEOUT_MILLIS,
      };
    case "reader":
      return {
        // A blocking read that is sent again after a reconnect would take entries for a caller who has gone.
        autoResendUnfulfilledCommands: false,
        maxRetriesPerRequest: 0,
        // The watchdog: silence past the longest block ends the connection, and with it the read.
        socketTimeout: LONGEST_BLOCK_MILLIS + SILENCE_MILLIS,
        // Should the read survive even that, it ends here. Not earlier: a late reply still brings entries.
        blockingTimeout: 2 * LONGEST_BLOCK_MILLIS,
        blockingTimeoutGrace: 2 * LONGEST_BLOCK_MILLIS,
      };
  }
}

/** 50 ms at first, doubling to 2 s, each shortened by up to half at random so that processes do not come in step. */
function reconnectDelay(attempt: number): number {
  const longest = Math.min(2_000, 50 * 2 ** Math.min(attempt - 1, 10));
  return longest * (1 - Math.random() / 2);
}
