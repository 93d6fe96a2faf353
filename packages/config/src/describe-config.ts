import type { Config } from "./config.ts";
import type { SettingName } from "./settings.ts";

/**
 * What a configuration amounts to, for people: each setting with its value as text, passwords concealed. Settings
 * that are not set, or that the others leave without effect, are `null`.
 */
export function describeConfig(config: Config): Readonly<Record<SettingName, string | null>> {
  const { access, api, control, worker, limits, database, notifications, redis, decisions, events, log } = config;
  const postgres = database.kind === "postgres" ? database : undefined;
  const { spool } = decisions;
  const stream = redis === null ? undefined : decisions;
  return {
    HOST: api.host,
    PORT: String(api.port),
    WORKER_HOST: worker.host,
    WORKER_PORT: String(worker.port),
    REQUEST_TIMEOUT_MS: String(limits.requestTimeoutMillis),
    MAX_REQUESTS_IN_FLIGHT: String(limits.maxInFlight),
    MAX_REQUESTS_WAITING: String(limits.maxWaiting),
    MAX_EVENT_STREAMS: String(limits.maxEventStreams),
    MAX_EVENT_LOOP_DELAY_MS: String(limits.maxEventLoopDelayMillis),
    AUTHENTICATION: access.authentication,
    ADMIN_PASSWORD: shown(access.adminPassword),
    SESSION_IDLE_MINUTES: String(access.sessionIdleMillis / 60_000),
    SESSION_MAX_HOURS: String(access.sessionMaxMillis / 3_600_000),
    TRUSTED_PROXIES: access.trustedProxies.length === 0 ? null : access.trustedProxies.join(","),
    RATE_LIMIT_DECIDE_PER_KEY: String(access.rateLimits.decide.perKey),
    RATE_LIMIT_DECIDE_PER_ADDRESS: String(access.rateLimits.decide.perAddress),
    RATE_LIMIT_OTHER_PER_KEY: String(access.rateLimits.other.perKey),
    RATE_LIMIT_OTHER_PER_ADDRESS: String(access.rateLimits.other.perAddress),
    RATE_LIMIT_SHARED: redis === null ? null : String(access.rateLimits.shared),
    ALLOW_SELF_APPROVAL: String(control.allowSelfApproval),
    MINIMUM_APPROVALS: String(control.minimumApprovals),
    PREVIEW_DAYS: String(control.previewDays),
    SECRETS_KEY: shown(notifications.secretsKey),
    WEBHOOK_ALLOWED_NETWORKS: notifications.allowedNetworks.join(",") || null,
    NOTIFICATION_RETENTION_DAYS: String(notifications.retentionDays),
    DATABASE_URL: shown(postgres?.url),
    DATABASE_REPLICA_URL: shown(postgres?.replicaUrl),
    LOTTY_DATA_DIR: database.kind === "embedded" ? database.directory : (config.dataDirectory ?? "memory"),
    DATABASE_POOL_SIZE: shown(postgres?.poolSize),
    DATABASE_STATEMENT_TIMEOUT_MS: shown(postgres?.statementTimeoutMillis),
    DATABASE_CONNECT_TIMEOUT_MS: shown(postgres?.connectTimeoutMillis),
    DATABASE_REPORT_TIMEOUT_MS: shown(postgres?.reportTimeoutMillis),
    REDIS_URL: shown(redis?.urls.join(",")),
    REDIS_CLUSTER: shown(redis?.cluster),
    REDIS_KEY_PREFIX: shown(redis?.keyPrefix),
    REDIS_COMMAND_TIMEOUT_MS: shown(redis?.commandTimeoutMillis),
    DECISION_WRITE_MODE: decisions.writeMode,
    DECISION_ATTRIBUTES: decisions.attributes,
    DECISION_RESULT_CACHE_TTL_SECONDS: String(decisions.resultCacheTtlSeconds),
    HISTORY_CACHE_TTL_SECONDS: String(decisions.historyCacheTtlSeconds),
    DECISION_STREAM_MAX_LENGTH: shown(stream?.streamMaxLength),
    DECISION_STREAM_SHARDS: shown(stream?.streamShards),
    DECISION_STREAM_ALLOW_UNSAFE_REDIS: shown(stream?.allowUnsafeStream),
    DECISION_SPOOL: database.kind === "embedded" ? null : spool === null ? "off" : "on",
    DECISION_SPOOL_AFTER_MS: shown(spool?.patienceMillis),
    DECISION_SPOOL_MAX_ROWS: shown(spool?.maxRows),
    DECISION_SPOOL_MAX_BYTES: shown(spool?.maxBytes),
    DECISION_RETENTION_DAYS: shown(decisions.retentionDays),
    EVENT_WRITE_MODE: events.writeMode,
    EVENT_STREAM_MAX_LENGTH: redis === null ? null : String(events.streamMaxLength),
    EVENT_SPOOL: database.kind === "embedded" ? null : events.spool === null ? "off" : "on",
    EVENT_SPOOL_AFTER_MS: shown(events.spool?.patienceMillis),
    EVENT_SPOOL_MAX_ROWS: shown(events.spool?.maxRows),
    EVENT_SPOOL_MAX_BYTES: shown(events.spool?.maxBytes),
    EVENT_MAX_AHEAD_SECONDS: String(events.maxAheadSeconds),
    EVENT_MAX_AGE_DAYS: String(events.maxAgeDays),
    EVENT_RETENTION_DAYS: shown(events.retentionDays),
    EXPOSURE_PENDING_DAYS: String(events.pendingDays),
    CONFIGURATION_POLL_SECONDS: String(config.configurationPollSeconds),
    LOTTY_DEMO: config.demoFile,
    LOG_LEVEL: log.level,
    LOG_FORMAT: log.format,
    SHUTDOWN_GRACE_SECONDS: String(config.shutdownGraceSeconds),
    SHUTDOWN_DELAY_SECONDS: String(config.shutdownDelaySeconds),
    LOTTY_PARENT_PID: shown(config.parentPid),
  };
}

/** Secrets, and URLs with a password, convert to text that conceals it. */
function shown(value: string | number | boolean | { toString(): string } | null | undefined): string | null {
  return value === undefined || value === null ? null : String(value);
}
