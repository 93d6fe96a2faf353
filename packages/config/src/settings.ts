import { z } from "zod";
import {
  LOG_FORMATS,
  LOG_LEVELS,
  WRITE_MODES,
  type Config,
  type DatabaseConfig,
  type LogFormat,
  type LogLevel,
  type WriteMode,
} from "./config.ts";
import type { SecretUrl } from "./secret-url.ts";
import {
  choice,
  optionalPath,
  optionalSecretUrl,
  optionalWholeNumber,
  path,
  settingFacts,
  text,
  wholeNumber,
  yesOrNo,
  type Setting,
  type SettingFacts,
} from "./setting.ts";

/** The settings as they are read, by name; `undefined` when not set and without a default. */
interface Settings {
  readonly HOST: string;
  readonly PORT: number;
  readonly WORKER_HOST: string;
  readonly WORKER_PORT: number;
  readonly DATABASE_URL: SecretUrl | undefined;
  readonly LOTTY_DATA_DIR: string;
  readonly DATABASE_POOL_SIZE: number;
  readonly DATABASE_STATEMENT_TIMEOUT_MS: number;
  readonly DATABASE_CONNECT_TIMEOUT_MS: number;
  readonly REDIS_URL: SecretUrl | undefined;
  readonly REDIS_KEY_PREFIX: string;
  readonly REDIS_COMMAND_TIMEOUT_MS: number;
  readonly DECISION_WRITE_MODE: WriteMode;
  readonly DECISION_RESULT_CACHE_TTL_SECONDS: number;
  readonly HISTORY_CACHE_TTL_SECONDS: number;
  readonly DECISION_STREAM_MAX_LENGTH: number;
  readonly DECISION_STREAM_SHARDS: number;
  readonly DECISION_STREAM_ALLOW_UNSAFE_REDIS: boolean;
  readonly CONFIGURATION_POLL_SECONDS: number;
  readonly LOTTY_DEMO: string | undefined;
  readonly LOG_LEVEL: LogLevel;
  readonly LOG_FORMAT: LogFormat;
  readonly SHUTDOWN_GRACE_SECONDS: number;
  readonly LOTTY_PARENT_PID: number | undefined;
}

/** The name of a setting: the environment variable that holds it. */
export type SettingName = keyof Settings;

const shape: { readonly [Name in SettingName]: Setting<Settings[Name]> } = {
  HOST: text({
    group: "Serving",
    description:
      "Address on which the API listens; as long as the API knows no authentication, only addresses of this machine are accepted.",
    pattern: /^[A-Za-z0-9.:_-]+$/,
    values: "a host name or IP address",
    fallback: "127.0.0.1",
  }),
  PORT: wholeNumber({
    group: "Serving",
    description: "Port of the API; 0 takes any free one.",
    min: 0,
    max: 65_535,
    fallback: 8080,
  }),
  WORKER_HOST: text({
    group: "Serving",
    description: "Address on which the worker serves its health and metrics.",
    pattern: /^[A-Za-z0-9.:_-]+$/,
    values: "a host name or IP address",
    fallback: "127.0.0.1",
  }),
  WORKER_PORT: wholeNumber({
    group: "Serving",
    description: "Port of the worker's health and metrics; 0 takes any free one.",
    min: 0,
    max: 65_535,
    fallback: 8081,
  }),
  DATABASE_URL: optionalSecretUrl({
    group: "Database",
    description: "Postgres database (15 or later) to use; without it, an embedded database in `LOTTY_DATA_DIR`.",
    schemes: ["postgres", "postgresql"],
    example: "postgres://lotty:password@db.example.com:5432/lotty",
  }),
  LOTTY_DATA_DIR: path({
    group: "Database",
    description:
      "Directory of the embedded database, which one process uses at a time; `memory` keeps everything in memory and nothing on disk.",
    fallback: "./.lotty",
  }),
  DATABASE_POOL_SIZE: wholeNumber({
    group: "Database",
    description: "Most connections to Postgres that one process holds.",
    min: 1,
    max: 1_000,
    fallback: 10,
  }),
  DATABASE_STATEMENT_TIMEOUT_MS: wholeNumber({
    group: "Database",
    description: "Longest that Postgres may work on one statement, in milliseconds.",
    min: 100,
    max: 600_000,
    fallback: 5_000,
  }),
  DATABASE_CONNECT_TIMEOUT_MS: wholeNumber({
    group: "Database",
    description: "Longest wait for a connection to Postgres, in milliseconds.",
    min: 100,
    max: 60_000,
    fallback: 3_000,
  }),
  REDIS_URL: optionalSecretUrl({
    group: "Redis",
    description: "Redis (7 or later) for shared caches and the decision stream; without it, caches are in memory.",
    schemes: ["redis", "rediss"],
    example: "redis://cache.example.com:6379",
  }),
  REDIS_KEY_PREFIX: text({
    group: "Redis",
    description: "First part of every key and channel name, so that several installations can share one Redis.",
    pattern: /^[A-Za-z0-9_.:-]{1,64}$/,
    values: "1 to 64 letters, digits, `_`, `.`, `:` or `-`",
    fallback: "lotty",
  }),
  REDIS_COMMAND_TIMEOUT_MS: wholeNumber({
    group: "Redis",
    description: "Longest wait for an answer of Redis, in milliseconds, before work goes on without it.",
    min: 10,
    max: 60_000,
    fallback: 500,
  }),
  DECISION_WRITE_MODE: choice({
    group: "Decisions",
    description:
      "How decisions are recorded: before the answer (`sync`), through the decision stream (`async`, needs `REDIS_URL`), or not at all (`disabled`); assignments to experiments are always recorded before the answer.",
    words: WRITE_MODES,
    fallback: "sync",
  }),
  DECISION_RESULT_CACHE_TTL_SECONDS: wholeNumber({
    group: "Decisions",
    description: "How long the outcome of a decision is reused, in seconds; 0 switches the cache off.",
    min: 0,
    max: 31_536_000,
    fallback: 60,
  }),
  HISTORY_CACHE_TTL_SECONDS: wholeNumber({
    group: "Decisions",
    description: "How long the assignments of a subject are kept close at hand, in seconds; 0 switches that cache off.",
    min: 0,
    max: 3_600,
    fallback: 30,
  }),
  DECISION_STREAM_MAX_LENGTH: wholeNumber({
    group: "Decisions",
    description:
      "Entries at which the decision stream counts as full, so that decisions are recorded before the answer.",
    min: 1_000,
    max: 100_000_000,
    fallback: 1_000_000,
  }),
  DECISION_STREAM_SHARDS: wholeNumber({
    group: "Decisions",
    description: "Parts into which the decision stream is split; the same for every process.",
    min: 1,
    max: 256,
    fallback: 1,
  }),
  DECISION_STREAM_ALLOW_UNSAFE_REDIS: yesOrNo({
    group: "Decisions",
    description:
      "Allow `async` on a Redis that may lose acknowledged decisions (no append-only file, or keys evicted when memory is short) or that hides these settings.",
    fallback: false,
  }),
  CONFIGURATION_POLL_SECONDS: wholeNumber({
    group: "Configuration",
    description: "How often a process looks for a changed configuration, in seconds, in case a change notice was lost.",
    min: 1,
    max: 3_600,
    fallback: 5,
  }),
  LOTTY_DEMO: optionalPath({
    group: "Configuration",
    description: "File of flags and experiments that the API loads into a database that has none yet.",
  }),
  LOG_LEVEL: choice({
    group: "Process",
    description: "Least severe log lines that are written.",
    words: LOG_LEVELS,
    fallback: "info",
  }),
  LOG_FORMAT: choice({
    group: "Process",
    description: "Form of the log lines: one JSON object each (`json`), or text for people (`text`).",
    words: LOG_FORMATS,
    fallback: "json",
  }),
  SHUTDOWN_GRACE_SECONDS: wholeNumber({
    group: "Process",
    description: "Longest that an orderly end may take, in seconds, before the process ends anyway.",
    min: 1,
    max: 600,
    fallback: 10,
  }),
  LOTTY_PARENT_PID: optionalWholeNumber({
    group: "Process",
    description: "Id of a process with which this one ends in good order; `npm start` sets it.",
    min: 1,
    max: 4_194_304,
  }),
};

const schema = z.object(shape);

/** Names of all settings, in the order in which documentation shows them. */
export const SETTING_NAMES: readonly SettingName[] = schema.keyof().options;

/** What is known about a setting. */
export function factsOf(name: SettingName): SettingFacts {
  const facts = settingFacts.get(shape[name]);
  if (facts === undefined) throw new TypeError(`${name} was declared without its facts`);
  return facts;
}

/** Reads all settings; issues carry the setting's name as their path. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): z.ZodSafeParseResult<Config> {
  return schema.transform(arrange).safeParse(env);
}

function arrange(settings: Settings): Config {
  return {
    api: { host: settings.HOST, port: settings.PORT },
    worker: { host: settings.WORKER_HOST, port: settings.WORKER_PORT },
    database: arrangeDatabase(settings),
    redis:
      settings.REDIS_URL === undefined
        ? null
        : {
            url: settings.REDIS_URL,
            keyPrefix: settings.REDIS_KEY_PREFIX,
            commandTimeoutMillis: settings.REDIS_COMMAND_TIMEOUT_MS,
          },
    decisions: {
      writeMode: settings.DECISION_WRITE_MODE,
      resultCacheTtlSeconds: settings.DECISION_RESULT_CACHE_TTL_SECONDS,
      historyCacheTtlSeconds: settings.HISTORY_CACHE_TTL_SECONDS,
      streamMaxLength: settings.DECISION_STREAM_MAX_LENGTH,
      streamShards: settings.DECISION_STREAM_SHARDS,
      allowUnsafeStream: settings.DECISION_STREAM_ALLOW_UNSAFE_REDIS,
    },
    configurationPollSeconds: settings.CONFIGURATION_POLL_SECONDS,
    demoFile: settings.LOTTY_DEMO ?? null,
    log: { level: settings.LOG_LEVEL, format: settings.LOG_FORMAT },
    shutdownGraceSeconds: settings.SHUTDOWN_GRACE_SECONDS,
    parentPid: settings.LOTTY_PARENT_PID ?? null,
  };
}

function arrangeDatabase(settings: Settings): DatabaseConfig {
  if (settings.DATABASE_URL === undefined) return { kind: "embedded", directory: settings.LOTTY_DATA_DIR };
  return {
    kind: "postgres",
    url: settings.DATABASE_URL,
    poolSize: settings.DATABASE_POOL_SIZE,
    statementTimeoutMillis: settings.DATABASE_STATEMENT_TIMEOUT_MS,
    connectTimeoutMillis: settings.DATABASE_CONNECT_TIMEOUT_MS,
  };
}
