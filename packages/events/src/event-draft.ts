import type { EventRecord } from "@lotty/domain";

/** An event as somebody sent it: of the right form, and not yet compared with what the environment takes. */
export interface EventDraft extends Omit<EventRecord, "environmentId" | "occurredAt" | "receivedAt"> {
  /** When it happened by the sender's clock, in microseconds. */
  readonly timestamp: number;
}

/** Why an event is not taken. Codes are part of the public contract; the reason beside it is for people. */
export const REJECTION_CODES = [
  /** It does not have the form of an event. */
  "invalid_event",
  "unknown_event_type",
  /** Its type is no longer taken. */
  "archived_event_type",
  /** Its properties are not what the schema of its type asks for. */
  "invalid_properties",
  /** It is said to have happened so long after it arrived that no clock explains it. */
  "in_future",
  /** It happened longer ago than events are taken. */
  "too_late",
  /** An exposure names the decision that it is the exposure of. */
  "decision_required",
  /** The decision of an exposure was taken for another subject. */
  "wrong_subject",
  /** The decision of an exposure assigned nothing. */
  "not_assigned",
  /** The store can never take it. */
  "not_storable",
] as const;

/** One of {@link REJECTION_CODES}. */
export type RejectionCode = (typeof REJECTION_CODES)[number];

/** That an event is not taken, and why. */
export interface Rejection {
  readonly status: "rejected";
  readonly code: RejectionCode;
  /** For people; says nothing of what was sent. */
  readonly reason: string;
}
