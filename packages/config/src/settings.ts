import { z } from "zod";
import { accessSettings } from "./access-settings.ts";
import { arrangeConfig, type Settings } from "./arrange-config.ts";
import { controlSettings } from "./control-settings.ts";
import { LOG_FORMATS, LOG_LEVELS, type Config } from "./config.ts";
import { notificationSettings } from "./notification-settings.ts";
import { decisionSettings } from "./decision-settings.ts";
import { eventSettings } from "./event-settings.ts";
import {
  choice,
  optionalPath,
  optionalSecretUrl,
  optionalSecretUrls,
  optionalWholeNumber,
  path,
  settingFacts,
  text,
  wholeNumber,
  yesOrNo,
  type Setting,
  type SettingFacts,
} from "./setting.ts";

/** The name of a setting: the environment variable that holds it. */
export type SettingName = keyof Settings;

const shape: { readonly [Name in SettingName]: Setting<Settings[Name]> } = {
  HOST: text({
    group: "Serving",
    description:
      "Address on which the API listens; on any that other machines can reach, every caller needs a key or a session.",
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
  REQUEST_TIMEOUT_MS: wholeNumber({
    group: "Serving",
    description:
      "Longest that the API works on one request, in milliseconds, from the moment at which its body is complete; longer than the timeouts of the database together.",
    min: 100,
    max: 600_000,
    fallback: 5_000,
  }),
  MAX_REQUESTS_IN_FLIGHT: wholeNumber({
    group: "Serving",
    description: "Most requests that one API process works on at the same time.",
    min: 1,
    max: 100_000,
    fallback: 512,
  }),
  MAX_REQUESTS_WAITING: wholeNumber({
    group: "Serving",
    description: "Most further requests that wait for their turn; beyond that they are answered with 429.",
    min: 0,
    max: 100_000,
    fallback: 512,
  }),
  MAX_EVENT_STREAMS: wholeNumber({
    group: "Serving",
    description:
      "Most streams of configuration changes that one API process keeps open; beyond that they are answered with 429.",
    min: 0,
    max: 100_000,
    fallback: 1_000,
  }),
  MAX_EVENT_LOOP_DELAY_MS: wholeNumber({
    group: "Serving",
    description:
      "Mean delay of the API's event loop, in milliseconds, above which requests are answered with 429; 0 never does.",
    min: 0,
    max: 60_000,
    fallback: 200,
  }),
  ...accessSettings,
  ...controlSettings,
  ...notificationSettings,
  DATABASE_URL: optionalSecretUrl({
    group: "Database",
    description: "Postgres database (15 or later) to use; without it, an embedded database in `LOTTY_DATA_DIR`.",
    schemes: ["postgres", "postgresql"],
    example: "postgres://lotty:password@db.example.com:5432/lotty",
  }),
  DATABASE_REPLICA_URL: optionalSecretUrl({
    group: "Database",
    description:
      "Streaming replica of `DATABASE_URL` that reports are read from, so that they do not slow decisions down; without it, `DATABASE_URL` itself.",
    schemes: ["postgres", "postgresql"],
    example: "postgres://lotty:password@replica.example.com:5432/lotty",
  }),
  LOTTY_DATA_DIR: path({
    group: "Database",
    description:
      "Directory of the embedded database, which one process uses at a time; with `DATABASE_URL`, of what the API keeps for the time in which Postgres is away; `memory` keeps nothing on disk.",
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
    fallback: 3_000,
  }),
  DATABASE_CONNECT_TIMEOUT_MS: wholeNumber({
    group: "Database",
    description: "Longest wait for a connection to Postgres, new or from the pool, in milliseconds.",
    min: 100,
    max: 60_000,
    fallback: 1_500,
  }),
  DATABASE_REPORT_TIMEOUT_MS: wholeNumber({
    group: "Database",
    description: "Longest that Postgres may work on one report, in milliseconds.",
    min: 100,
    max: 86_400_000,
    fallback: 60_000,
  }),
  REDIS_URL: optionalSecretUrls({
    group: "Redis",
    description:
      "Redis (7 or later) for shared caches and the decision stream; without it, caches are in memory. Of a cluster, one node or more, from which the others are learned.",
    schemes: ["redis", "rediss"],
    example: "redis://cache.example.com:6379",
  }),
  REDIS_CLUSTER: yesOrNo({
    group: "Redis",
    description: "Whether `REDIS_URL` names nodes of a Redis Cluster.",
    fallback: false,
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
  ...decisionSettings,
  ...eventSettings,
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
  SHUTDOWN_DELAY_SECONDS: wholeNumber({
    group: "Process",
    description:
      "How long the API, told to end, still takes new connections while `/readyz` already says 503, in seconds: for load balancers to notice; part of `SHUTDOWN_GRACE_SECONDS`.",
    min: 0,
    max: 300,
    fallback: 0,
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
  return schema.transform(arrangeConfig).safeParse(env);
}

/** The value of one setting; `undefined` when it is wrong, or not set and without a default. */
export function readSetting<Name extends SettingName>(
  name: Name,
  env: Readonly<Record<string, string | undefined>>,
): Settings[Name] | undefined {
  return shape[name].safeParse(env[name]).data;
}
