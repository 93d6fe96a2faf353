import type { EventRecord } from "../event.ts";
import type { Instant } from "../instant.ts";

/**
 * What became of an exposure: taken into account, waiting for its decision to be on record, or why it never counts. `expired`: its
 * decision did not come in time.
 */
export const EXPOSURE_STATES = ["counted", "pending", "wrong_subject", "not_assigned", "expired"] as const;

/** One of {@link EXPOSURE_STATES}. */
export type ExposureState = (typeof EXPOSURE_STATES)[number];

/** An event as it is kept. */
export interface KeptEvent extends EventRecord {
  /** `null` for everything but exposures. */
  readonly exposure: ExposureState | null;
}

/** A place among the events of a subject. */
export type EventPlace = Pick<EventRecord, "occurredAt" | "eventId">;

/** Which events of a subject are asked for. */
export interface EventQuestion {
  readonly environmentId: string;
  readonly subjectId: string;
  /** Only events of this type. */
  readonly eventType?: string;
  /** Events that occurred from this instant on. */
  readonly from?: Instant;
  /** Events that occurred before this instant. */
  readonly to?: Instant;
  /** Only what comes after this one: the {@link EventPage.next} of the page before. */
  readonly after?: EventPlace;
  /** Most events of the page, at least 1. */
  readonly limit: number;
}

/** Some events, latest first; those of one instant by descending id. */
export interface EventPage {
  readonly events: readonly KeptEvent[];
  /** Where the next page goes on; `null` after the last. */
  readonly next: EventPlace | null;
}

/** Reads the events of subjects. */
export interface EventLog {
  /**
   * A page of a subject's events. Takes time in proportion to all events of the subject.
   *
   * @throws LottyError `database_unavailable`
   */
  list(question: EventQuestion): Promise<EventPage>;
}
