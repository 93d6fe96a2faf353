import { ON_OR_OFF, type Settings } from "./arrange-config.ts";
import { ATTRIBUTE_RECORDINGS, WRITE_MODES } from "./config.ts";
import { choice, optionalWholeNumber, type Setting, wholeNumber, yesOrNo } from "./setting.ts";

type DecisionSettingName =
  | "DECISION_WRITE_MODE"
  | "DECISION_ATTRIBUTES"
  | "DECISION_RESULT_CACHE_TTL_SECONDS"
  | "HISTORY_CACHE_TTL_SECONDS"
  | "DECISION_STREAM_MAX_LENGTH"
  | "DECISION_STREAM_SHARDS"
  | "DECISION_STREAM_ALLOW_UNSAFE_REDIS"
  | "DECISION_SPOOL"
  | "DECISION_SPOOL_AFTER_MS"
  | "DECISION_SPOOL_MAX_ROWS"
  | "DECISION_SPOOL_MAX_BYTES"
  | "DECISION_RETENTION_DAYS";

/** The settings that say how decisions are recorded and reused. */
export const decisionSettings: { readonly [Name in DecisionSettingName]: Setting<Settings[Name]> } = {
  DECISION_WRITE_MODE: choice({
    group: "Decisions",
    description:
      "How decisions are recorded: before the answer (`sync`), through the decision stream (`async`, needs `REDIS_URL`), or not at all (`disabled`); assignments to experiments are always recorded before the answer.",
    words: WRITE_MODES,
    fallback: "sync",
  }),
  DECISION_ATTRIBUTES: choice({
    group: "Decisions",
    description:
      "What of a subject's attributes is recorded with its decisions: nothing (`none`), a digest that tells whether they are the same (`digest`), or all of them (`full`), so that replays check every gate and previews see everybody; they may be personal data.",
    words: ATTRIBUTE_RECORDINGS,
    fallback: "digest",
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
      "Decisions at which the decision stream counts as full, so that decisions are recorded before the answer.",
    min: 1_000,
    max: 100_000_000,
    fallback: 1_000_000,
  }),
  DECISION_STREAM_SHARDS: wholeNumber({
    group: "Decisions",
    description:
      "Parts into which the decision stream is split, on a Redis Cluster two to four for each master; the same for every process.",
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
  DECISION_SPOOL: choice({
    group: "Decisions",
    description:
      "Whether the API keeps decisions in `LOTTY_DATA_DIR` while Postgres is away (`on`), or refuses them (`off`); on a disk that outlives the process, and not on a network file system.",
    words: ON_OR_OFF,
    fallback: "on",
  }),
  DECISION_SPOOL_AFTER_MS: wholeNumber({
    group: "Decisions",
    description:
      "How long Postgres may take to answer before it counts as away and decisions go to the spool, in milliseconds; up to a quarter more.",
    min: 50,
    max: 60_000,
    fallback: 1_500,
  }),
  DECISION_SPOOL_MAX_ROWS: wholeNumber({
    group: "Decisions",
    description: "Decisions at which the spool counts as full, so that further ones are refused.",
    min: 1,
    max: 100_000_000,
    fallback: 1_000_000,
  }),
  DECISION_SPOOL_MAX_BYTES: wholeNumber({
    group: "Decisions",
    description: "About how many bytes of disk the spool may take before it counts as full.",
    min: 65_536,
    max: 1_099_511_627_776,
    fallback: 1_073_741_824,
  }),
  DECISION_RETENTION_DAYS: optionalWholeNumber({
    group: "Decisions",
    description:
      "How long decisions stay on record, in days; older days of the log are removed whole, so that reports and replays do not reach back further, while assignments stay. Without it they are kept for ever.",
    min: 1,
    max: 36_500,
  }),
};
