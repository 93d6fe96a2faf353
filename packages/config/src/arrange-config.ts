import type {
  AccessConfig,
  AttributeRecording,
  AuthenticationMode,
  Config,
  DatabaseConfig,
  EventConfig,
  LogFormat,
  LogLevel,
  SpoolConfig,
  WriteMode,
} from "./config.ts";
import { isLoopback } from "./is-loopback.ts";
import type { SecretText } from "./secret-text.ts";
import type { SecretUrl } from "./secret-url.ts";

/** The words of a setting that switches something. */
export const ON_OR_OFF = ["on", "off"] as const;

/** The settings as they are read, by name; `undefined` when not set and without a default. */
export interface Settings {
  readonly HOST: string;
  readonly PORT: number;
  readonly WORKER_HOST: string;
  readonly WORKER_PORT: number;
  readonly REQUEST_TIMEOUT_MS: number;
  readonly MAX_REQUESTS_IN_FLIGHT: number;
  readonly MAX_REQUESTS_WAITING: number;
  readonly MAX_EVENT_STREAMS: number;
  readonly MAX_EVENT_LOOP_DELAY_MS: number;
  readonly AUTHENTICATION: AuthenticationMode;
  readonly ADMIN_PASSWORD: SecretText | undefined;
  readonly SESSION_IDLE_MINUTES: number;
  readonly SESSION_MAX_HOURS: number;
  readonly TRUSTED_PROXIES: readonly string[] | undefined;
  readonly RATE_LIMIT_DECIDE_PER_KEY: number;
  readonly RATE_LIMIT_DECIDE_PER_ADDRESS: number;
  readonly RATE_LIMIT_OTHER_PER_KEY: number;
  readonly RATE_LIMIT_OTHER_PER_ADDRESS: number;
  readonly RATE_LIMIT_SHARED: boolean;
  readonly ALLOW_SELF_APPROVAL: boolean;
  readonly MINIMUM_APPROVALS: number;
  readonly PREVIEW_DAYS: number;
  readonly SECRETS_KEY: SecretText | undefined;
  readonly WEBHOOK_ALLOWED_NETWORKS: readonly string[] | undefined;
  readonly NOTIFICATION_RETENTION_DAYS: number;
  readonly DATABASE_URL: SecretUrl | undefined;
  readonly DATABASE_REPLICA_URL: SecretUrl | undefined;
  readonly LOTTY_DATA_DIR: string;
  readonly DATABASE_POOL_SIZE: number;
  readonly DATABASE_STATEMENT_TIMEOUT_MS: number;
  readonly DATABASE_CONNECT_TIMEOUT_MS: number;
  readonly DATABASE_REPORT_TIMEOUT_MS: number;
  readonly REDIS_URL: readonly SecretUrl[] | undefined;
  readonly REDIS_CLUSTER: boolean;
  readonly REDIS_KEY_PREFIX: string;
  readonly REDIS_COMMAND_TIMEOUT_MS: number;
  readonly DECISION_WRITE_MODE: WriteMode;
  readonly DECISION_ATTRIBUTES: AttributeRecording;
  readonly DECISION_RESULT_CACHE_TTL_SECONDS: number;
  readonly HISTORY_CACHE_TTL_SECONDS: number;
  readonly DECISION_STREAM_MAX_LENGTH: number;
  readonly DECISION_STREAM_SHARDS: number;
  readonly DECISION_STREAM_ALLOW_UNSAFE_REDIS: boolean;
  readonly DECISION_SPOOL: (typeof ON_OR_OFF)[number];
  readonly DECISION_SPOOL_AFTER_MS: number;
  readonly DECISION_SPOOL_MAX_ROWS: number;
  readonly DECISION_SPOOL_MAX_BYTES: number;
  readonly DECISION_RETENTION_DAYS: number | undefined;
  readonly EVENT_WRITE_MODE: EventConfig["writeMode"];
  readonly EVENT_STREAM_MAX_LENGTH: number;
  readonly EVENT_SPOOL: (typeof ON_OR_OFF)[number];
  readonly EVENT_SPOOL_AFTER_MS: number;
  readonly EVENT_SPOOL_MAX_ROWS: number;
  readonly EVENT_SPOOL_MAX_BYTES: number;
  readonly EVENT_MAX_AHEAD_SECONDS: number;
  readonly EVENT_MAX_AGE_DAYS: number;
  readonly EVENT_RETENTION_DAYS: number | undefined;
  readonly EXPOSURE_PENDING_DAYS: number;
  readonly CONFIGURATION_POLL_SECONDS: number;
  readonly LOTTY_DEMO: string | undefined;
  readonly LOG_LEVEL: LogLevel;
  readonly LOG_FORMAT: LogFormat;
  readonly SHUTDOWN_GRACE_SECONDS: number;
  readonly SHUTDOWN_DELAY_SECONDS: number;
  readonly LOTTY_PARENT_PID: number | undefined;
}

/** The data directory that is none. */
const IN_MEMORY = "memory";

/** Puts settings into the shape that the processes work with. */
export function arrangeConfig(settings: Settings): Config {
  return {
    api: { host: settings.HOST, port: settings.PORT },
    worker: { host: settings.WORKER_HOST, port: settings.WORKER_PORT },
    limits: {
      requestTimeoutMillis: settings.REQUEST_TIMEOUT_MS,
      maxInFlight: settings.MAX_REQUESTS_IN_FLIGHT,
      maxWaiting: settings.MAX_REQUESTS_WAITING,
      maxEventStreams: settings.MAX_EVENT_STREAMS,
      maxEventLoopDelayMillis: settings.MAX_EVENT_LOOP_DELAY_MS,
    },
    access: arrangeAccess(settings),
    control: {
      allowSelfApproval: settings.ALLOW_SELF_APPROVAL,
      minimumApprovals: settings.MINIMUM_APPROVALS,
      previewDays: settings.PREVIEW_DAYS,
    },
    notifications: {
      secretsKey: settings.SECRETS_KEY ?? null,
      allowedNetworks: settings.WEBHOOK_ALLOWED_NETWORKS ?? [],
      retentionDays: settings.NOTIFICATION_RETENTION_DAYS,
    },
    database: arrangeDatabase(settings),
    dataDirectory: settings.LOTTY_DATA_DIR === IN_MEMORY ? null : settings.LOTTY_DATA_DIR,
    redis:
      settings.REDIS_URL === undefined
        ? null
        : {
            urls: settings.REDIS_URL,
            cluster: settings.REDIS_CLUSTER,
            keyPrefix: settings.REDIS_KEY_PREFIX,
            commandTimeoutMillis: settings.REDIS_COMMAND_TIMEOUT_MS,
          },
    decisions: {
      writeMode: settings.DECISION_WRITE_MODE,
      attributes: settings.DECISION_ATTRIBUTES,
      resultCacheTtlSeconds: settings.DECISION_RESULT_CACHE_TTL_SECONDS,
      historyCacheTtlSeconds: settings.HISTORY_CACHE_TTL_SECONDS,
      streamMaxLength: settings.DECISION_STREAM_MAX_LENGTH,
      streamShards: settings.DECISION_STREAM_SHARDS,
      allowUnsafeStream: settings.DECISION_STREAM_ALLOW_UNSAFE_REDIS,
      spool: arrangeSpool(settings, {
        use: settings.DECISION_SPOOL,
        maxRows: settings.DECISION_SPOOL_MAX_ROWS,
        maxBytes: settings.DECISION_SPOOL_MAX_BYTES,
        patienceMillis: settings.DECISION_SPOOL_AFTER_MS,
      }),
      retentionDays: settings.DECISION_RETENTION_DAYS ?? null,
    },
    events: {
      writeMode: settings.EVENT_WRITE_MODE,
      streamMaxLength: settings.EVENT_STREAM_MAX_LENGTH,
      spool: arrangeSpool(settings, {
        use: settings.EVENT_SPOOL,
        maxRows: settings.EVENT_SPOOL_MAX_ROWS,
        maxBytes: settings.EVENT_SPOOL_MAX_BYTES,
        patienceMillis: settings.EVENT_SPOOL_AFTER_MS,
      }),
      maxAheadSeconds: settings.EVENT_MAX_AHEAD_SECONDS,
      maxAgeDays: settings.EVENT_MAX_AGE_DAYS,
      retentionDays: settings.EVENT_RETENTION_DAYS ?? null,
      pendingDays: settings.EXPOSURE_PENDING_DAYS,
    },
    configurationPollSeconds: settings.CONFIGURATION_POLL_SECONDS,
    demoFile: settings.LOTTY_DEMO ?? null,
    log: { level: settings.LOG_LEVEL, format: settings.LOG_FORMAT },
    shutdownGraceSeconds: settings.SHUTDOWN_GRACE_SECONDS,
    shutdownDelaySeconds: settings.SHUTDOWN_DELAY_SECONDS,
    parentPid: settings.LOTTY_PARENT_PID ?? null,
  };
}

const MILLIS_PER_MINUTE = 60_000;

function arrangeAccess(settings: Settings): AccessConfig {
  const { ADMIN_PASSWORD, AUTHENTICATION, HOST, SESSION_IDLE_MINUTES, SESSION_MAX_HOURS, TRUSTED_PROXIES } = settings;
  return {
    authentication: AUTHENTICATION,
    required: AUTHENTICATION === "required" || !isLoopback(HOST),
    adminPassword: ADMIN_PASSWORD ?? null,
    sessionIdleMillis: SESSION_IDLE_MINUTES * MILLIS_PER_MINUTE,
    sessionMaxMillis: SESSION_MAX_HOURS * 60 * MILLIS_PER_MINUTE,
    trustedProxies: TRUSTED_PROXIES ?? [],
    rateLimits: {
      decide: { perKey: settings.RATE_LIMIT_DECIDE_PER_KEY, perAddress: settings.RATE_LIMIT_DECIDE_PER_ADDRESS },
      other: { perKey: settings.RATE_LIMIT_OTHER_PER_KEY, perAddress: settings.RATE_LIMIT_OTHER_PER_ADDRESS },
      shared: settings.RATE_LIMIT_SHARED,
    },
  };
}

/** Whether and how something is spooled. */
interface SpoolWish extends Omit<SpoolConfig, "directory"> {
  readonly use: (typeof ON_OR_OFF)[number];
}

/** An embedded database cannot be away, and without a directory there is nothing that would be durable. */
function arrangeSpool({ DATABASE_URL, LOTTY_DATA_DIR }: Settings, { use, ...limits }: SpoolWish): SpoolConfig | null {
  if (DATABASE_URL === undefined || use === "off" || LOTTY_DATA_DIR === IN_MEMORY) return null;
  return { directory: LOTTY_DATA_DIR, ...limits };
}

function arrangeDatabase(settings: Settings): DatabaseConfig {
  if (settings.DATABASE_URL === undefined) return { kind: "embedded", directory: settings.LOTTY_DATA_DIR };
  return {
    kind: "postgres",
    url: settings.DATABASE_URL,
    replicaUrl: settings.DATABASE_REPLICA_URL ?? null,
    poolSize: settings.DATABASE_POOL_SIZE,
    statementTimeoutMillis: settings.DATABASE_STATEMENT_TIMEOUT_MS,
    connectTimeoutMillis: settings.DATABASE_CONNECT_TIMEOUT_MS,
    reportTimeoutMillis: settings.DATABASE_REPORT_TIMEOUT_MS,
  };
}
