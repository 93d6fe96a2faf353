import type { SecretText } from "./secret-text.ts";
import type { SecretUrl } from "./secret-url.ts";

/** What happens with a decision that is no assignment; assignments are always written synchronously. */
export const WRITE_MODES = ["sync", "async", "disabled"] as const;

/** One of {@link WRITE_MODES}. */
export type WriteMode = (typeof WRITE_MODES)[number];

/** What of the attributes is recorded with a decision. */
export const ATTRIBUTE_RECORDINGS = ["none", "digest", "full"] as const;

/** One of {@link ATTRIBUTE_RECORDINGS}. */
export type AttributeRecording = (typeof ATTRIBUTE_RECORDINGS)[number];

/** How much is logged, from most to nothing. */
export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

/** One of {@link LOG_LEVELS}. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The form of log lines: one JSON object each, or text for people. */
export const LOG_FORMATS = ["json", "text"] as const;

/** One of {@link LOG_FORMATS}. */
export type LogFormat = (typeof LOG_FORMATS)[number];

/** When callers need a key or a session. */
export const AUTHENTICATION_MODES = ["automatic", "required"] as const;

/** One of {@link AUTHENTICATION_MODES}. */
export type AuthenticationMode = (typeof AUTHENTICATION_MODES)[number];

/** Most requests in a second, on average over ten; 0 for no limit. */
export interface RateLimit {
  readonly perKey: number;
  /** For callers without a server key. */
  readonly perAddress: number;
}

/** How often callers may ask. */
export interface RateLimitConfig {
  readonly decide: RateLimit;
  /** For everything but deciding. */
  readonly other: RateLimit;
  /** Whether Redis counts for all processes together. */
  readonly shared: boolean;
}

/** Who may call the API. */
export interface AccessConfig {
  /** As set. */
  readonly authentication: AuthenticationMode;
  /** Whether everybody needs a key or a session, those on this machine included. */
  readonly required: boolean;
  /** Password of the first admin; `null`: one is generated. */
  readonly adminPassword: SecretText | null;
  /** How long a session lasts without a request. */
  readonly sessionIdleMillis: number;
  /** How long a session lasts at most. */
  readonly sessionMaxMillis: number;
  /** Addresses and networks, as `node:net` reads them, whose word on a caller's address counts. */
  readonly trustedProxies: readonly string[];
  readonly rateLimits: RateLimitConfig;
}

/** How experiments are reviewed. */
export interface ControlConfig {
  /** Whether authors may approve what they wrote. */
  readonly allowSelfApproval: boolean;
  /** Approvals that an experiment needs whose authors are in no approver group. */
  readonly minimumApprovals: number;
  /** How far back previews of edits look, in days. */
  readonly previewDays: number;
}

/** How people are told what happens. */
export interface NotificationConfig {
  /** Key of what is kept secret in the database; `null`: nothing is encrypted there. */
  readonly secretsKey: SecretText | null;
  /** Networks, as `node:net` reads them, that are not public and that webhooks may be sent to all the same. */
  readonly allowedNetworks: readonly string[];
  /** How long deliveries are kept, in days. */
  readonly retentionDays: number;
}

/** An address to listen on. */
export interface ListenAddress {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
}

/** How much the API takes on. */
export interface LimitConfig {
  /** Longest work on one request. */
  readonly requestTimeoutMillis: number;
  /** Most requests that are worked on at the same time. */
  readonly maxInFlight: number;
  /** Most requests that wait for their turn besides. */
  readonly maxWaiting: number;
  /** Most streams of configuration changes at the same time. */
  readonly maxEventStreams: number;
  /** Mean delay of the event loop above which requests are turned away; 0 for none. */
  readonly maxEventLoopDelayMillis: number;
}

/** Where everything is kept. */
export type DatabaseConfig =
  | {
      readonly kind: "postgres";
      readonly url: SecretUrl;
      /** Streaming replica for reports; `null` for none. */
      readonly replicaUrl: SecretUrl | null;
      /** Most connections of one process. */
      readonly poolSize: number;
      readonly statementTimeoutMillis: number;
      readonly connectTimeoutMillis: number;
      /** Longest run of one report. */
      readonly reportTimeoutMillis: number;
    }
  | {
      /** A database inside the process, on a directory that one process uses at a time. */
      readonly kind: "embedded";
      readonly directory: string;
    };

/** The Redis that speeds things up and buffers decisions. */
export interface RedisConfig {
  /** One server; of a cluster one node or more, from which the others are learned. */
  readonly urls: readonly SecretUrl[];
  /** Whether the URLs name nodes of a Redis Cluster. */
  readonly cluster: boolean;
  /** First part of every key and channel. */
  readonly keyPrefix: string;
  readonly commandTimeoutMillis: number;
}

/** Where decisions or events go while Postgres is away. */
export interface SpoolConfig {
  /** The data directory; each spool has a place of its own in it. */
  readonly directory: string;
  /** Most rows that wait. */
  readonly maxRows: number;
  /** About how many bytes of disk they may take. */
  readonly maxBytes: number;
  /** How long Postgres may take before it counts as away. */
  readonly patienceMillis: number;
}

/** How decisions are taken and kept. */
export interface DecisionConfig {
  readonly writeMode: WriteMode;
  readonly attributes: AttributeRecording;
  /** How long outcomes are reused, in seconds; 0 means never. */
  readonly resultCacheTtlSeconds: number;
  /** How long a subject's history is kept close at hand, in seconds; 0 means never. */
  readonly historyCacheTtlSeconds: number;
  /** At this many decisions the stream counts as full and decisions are written synchronously. */
  readonly streamMaxLength: number;
  /** Parts of the stream; the same for every process. */
  readonly streamShards: number;
  /** Use a Redis for the stream that may lose what it acknowledged. */
  readonly allowUnsafeStream: boolean;
  /** `null`: what cannot be written is refused. */
  readonly spool: SpoolConfig | null;
  /** How long decisions stay in the log, in days; `null`: for ever. */
  readonly retentionDays: number | null;
}

/** How events are kept: before the answer, or through a stream. */
export const EVENT_WRITE_MODES = ["sync", "async"] as const;

/** Which events are taken, and how they are kept. */
export interface EventConfig {
  readonly writeMode: (typeof EVENT_WRITE_MODES)[number];
  /** At this many events the stream counts as full and events are kept before the answer. */
  readonly streamMaxLength: number;
  /** `null`: what cannot be kept is refused. */
  readonly spool: SpoolConfig | null;
  /** How far ahead of its arrival an event may claim to have happened, in seconds. */
  readonly maxAheadSeconds: number;
  /** How long before its arrival an event may have happened, in days. */
  readonly maxAgeDays: number;
  /** How long events are kept after their arrival, in days; `null`: for ever. */
  readonly retentionDays: number | null;
  /** How long an exposure waits for its decision, in days. */
  readonly pendingDays: number;
}

/** All settings of a process, checked and typed. */
export interface Config {
  readonly api: ListenAddress;
  readonly worker: ListenAddress;
  readonly limits: LimitConfig;
  readonly access: AccessConfig;
  readonly control: ControlConfig;
  readonly notifications: NotificationConfig;
  readonly database: DatabaseConfig;
  /** Directory of what a process keeps on its own disk; `null`: nothing. An embedded database has the same one. */
  readonly dataDirectory: string | null;
  /** `null`: caches are in memory and there is no decision stream. */
  readonly redis: RedisConfig | null;
  readonly decisions: DecisionConfig;
  readonly events: EventConfig;
  /** How often the configuration's revision is looked up, in seconds, in case a change notice was lost. */
  readonly configurationPollSeconds: number;
  /** File of definitions to load into an empty database; `null` for none. */
  readonly demoFile: string | null;
  readonly log: { readonly level: LogLevel; readonly format: LogFormat };
  /** How long an orderly end may take, in seconds, before the process ends anyway. */
  readonly shutdownGraceSeconds: number;
  /** How long of that the API still takes new connections, in seconds, so that load balancers notice that it ends. */
  readonly shutdownDelaySeconds: number;
  /** The process ends in good order when this one is gone; `null` for none. */
  readonly parentPid: number | null;
}
