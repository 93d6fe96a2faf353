import type { Settings } from "./arrange-config.ts";
import { optionalWholeNumber, type Setting, wholeNumber } from "./setting.ts";

type EventSettingName =
  | "EVENT_MAX_AHEAD_SECONDS"
  | "EVENT_MAX_AGE_DAYS"
  | "EVENT_RETENTION_DAYS"
  | "EXPOSURE_PENDING_DAYS";

/** The settings that say which events are taken, and how long they are kept. */
export const eventSettings: { readonly [Name in EventSettingName]: Setting<Settings[Name]> } = {
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
