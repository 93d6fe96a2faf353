import { ON_OR_OFF, type Settings } from "./arrange-config.ts";
import { EVENT_WRITE_MODES } from "./config.ts";
import { choice, optionalWholeNumber, type Setting, wholeNumber } from "./setting.ts";

type EventSettingName =
  | "EVENT_WRITE_MODE"
  | "EVENT_STREAM_MAX_LENGTH"
  | "EVENT_SPOOL"
  | "EVENT_SPOOL_AFTER_MS"
  | "EVENT_SPOOL_MAX_ROWS"
  | "EVENT_SPOOL_MAX_BYTES"
  | "EVENT_MAX_AHEAD_SECONDS"
  | "EVENT_MAX_AGE_DAYS"
  | "EVENT_RETENTION_DAYS"
  | "EXPOSURE_PENDING_DAYS";

/** The settings that say which events are taken, and how long they are kept. */
export const eventSettings: { readonly [Name in EventSettingName]: Setting<Settings[Name]> } = {
  EVENT_WRITE_MODE: choice({
    group: "Events",
    description:
      "How events are kept: before the answer (`sync`), or through a stream that the worker drains (`async`, needs `REDIS_URL`); the stream has the shards and the safety of that of decisions.",
    words: EVENT_WRITE_MODES,
    fallback: "sync",
  }),
  EVENT_STREAM_MAX_LENGTH: wholeNumber({
    group: "Events",
    description: "Events at which their stream counts as full, so that events are kept before the answer.",
    min: 1_000,
    max: 100_000_000,
    fallback: 1_000_000,
  }),
  EVENT_SPOOL: choice({
    group: "Events",
    description:
      "Whether the API keeps events in `LOTTY_DATA_DIR` while Postgres is away (`on`), or refuses them (`off`); on a disk as `DECISION_SPOOL` needs one.",
    words: ON_OR_OFF,
    fallback: "on",
  }),
  EVENT_SPOOL_AFTER_MS: wholeNumber({
    group: "Events",
    description:
      "How long Postgres may take to answer before it counts as away and events go to the spool, in milliseconds; up to a quarter more. Below 3000 events that only wait their turn may be spooled, too, instead of being refused with 429.",
    min: 50,
    max: 60_000,
    fallback: 3_500,
  }),
  EVENT_SPOOL_MAX_ROWS: wholeNumber({
    group: "Events",
    description: "Events at which their spool counts as full, so that further ones are refused.",
    min: 1,
    max: 100_000_000,
    fallback: 1_000_000,
  }),
  EVENT_SPOOL_MAX_BYTES: wholeNumber({
    group: "Events",
    description: "About how many bytes of disk the spool of events may take before it counts as full.",
    min: 65_536,
    max: 1_099_511_627_776,
    fallback: 1_073_741_824,
  }),
  EVENT_MAX_AHEAD_SECONDS: wholeNumber({
    group: "Events",
    description:
      "How far the clock of a sender may be ahead, in seconds: such events count as happened when they arrive, and those that are further ahead are rejected.",
    min: 0,
    max: 86_400,
    fallback: 300,
  }),
  EVENT_MAX_AGE_DAYS: wholeNumber({
    group: "Events",
    description: "How long before it arrives an event may have happened, in days; older ones are rejected.",
    min: 1,
    max: 3_650,
    fallback: 30,
  }),
  EVENT_RETENTION_DAYS: optionalWholeNumber({
    group: "Events",
    description:
      "How long events are kept after they have arrived, in days, at least `EVENT_MAX_AGE_DAYS`; longer than an experiment runs with the windows of its metrics, because its results are made of them. Without it they are kept for ever.",
    min: 1,
    max: 36_500,
  }),
  EXPOSURE_PENDING_DAYS: wholeNumber({
    group: "Events",
    description: "How long an exposure waits for its decision to be on record, in days, before it never counts.",
    min: 1,
    max: 365,
    fallback: 7,
  }),
};
