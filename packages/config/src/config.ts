import type { SecretUrl } from "./secret-url.ts";

/** What happens with a decision that is no assignment; assignments are always written synchronously. */
export const WRITE_MODES = ["sync", "async", "disabled"] as const;

/** One of {@link WRITE_MODES}. */
export type WriteMode = (typeof WRITE_MODES)[number];

/** How much is logged, from most to nothing. */
export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

/** One of {@link LOG_LEVELS}. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The form of log lines: one JSON object each, or text for people. */
export const LOG_FORMATS = ["json", "text"] as const;

/** One of {@link LOG_FORMATS}. */
export type LogFormat = (typeof LOG_FORMATS)[number];

/** An address to listen on. */
export interface ListenAddress {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
}

/** Where everything is kept. */
export type DatabaseConfig =
  | {
      readonly kind: "postgres";
      readonly url: SecretUrl;
      /** Most connections of one process. */
      readonly poolSize: number;
      readonly statementTimeoutMillis: number;
      readonly connectTimeoutMillis: number;
    }
  | {
      /** A database inside the process, on a directory that one process uses at a time. */
      readonly kind: "embedded";
      readonly directory: string;
    };

/** The Redis that speeds things up and buffers decisions. */
export interface RedisConfig {
  readonly url: SecretUrl;
  /** First part of every key and channel. */
  readonly keyPrefix: string;
  readonly commandTimeoutMillis: number;
}

/** How decisions are taken and kept. */
export interface DecisionConfig {
  readonly writeMode: WriteMode;
  /** How long outcomes are reused, in seconds; 0 means never. */
  readonly resultCacheTtlSeconds: number;
  /** How long a subject's history is kept close at hand, in seconds; 0 means never. */
  readonly historyCacheTtlSeconds: number;
  /** At this many entries the stream counts as full and decisions are written synchronously. */
  readonly streamMaxLength: number;
  /** Parts of the stream; the same for every process. */
  readonly streamShards: number;
  /** Use a Redis for the stream that may lose what it acknowledged. */
  readonly allowUnsafeStream: boolean;
}

/** All settings of a process, checked and typed. */
export interface Config {
  readonly api: ListenAddress;
  readonly worker: ListenAddress;
  readonly database: DatabaseConfig;
  /** `null`: caches are in memory and there is no decision stream. */
  readonly redis: RedisConfig | null;
  readonly decisions: DecisionConfig;
  /** How often the configuration's revision is looked up, in seconds, in case a change notice was lost. */
  readonly configurationPollSeconds: number;
  /** File of definitions to load into an empty database; `null` for none. */
  readonly demoFile: string | null;
  readonly log: { readonly level: LogLevel; readonly format: LogFormat };
  /** How long an orderly end may take, in seconds, before the process ends anyway. */
  readonly shutdownGraceSeconds: number;
  /** The process ends in good order when this one is gone; `null` for none. */
  readonly parentPid: number | null;
}
