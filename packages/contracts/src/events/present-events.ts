import {
  type EventPage,
  type EventType,
  EXPOSURE_EVENT_TYPE,
  type ExposureState,
  formatInstant,
  type JsonObject,
  type JsonValue,
} from "@lotty/domain";
import type { EventDraft, IntakeAnswer, IntakeOutcome, Rejection, RejectionCode } from "@lotty/events";
import { eventCursor } from "./event-query.ts";

/** An event type. The built-in one never changes. */
export interface EventTypeResponse {
  readonly key: string;
  readonly description: string | null;
  readonly schema: JsonValue;
  readonly requires_exposure: boolean;
  readonly archived_at: string | null;
  readonly built_in: boolean;
  readonly version: number;
  readonly updated_at: string | null;
}

/** What became of an event. */
export interface EventResultResponse {
  /** `null` when what was sent had none. */
  readonly event_id: string | null;
  readonly status: "accepted" | "duplicate" | "rejected";
  /** How safe it is. Only there when it was accepted. */
  readonly durability?: IntakeAnswer["durability"];
  /** Only there when an exposure waits for its decision to be on record. */
  readonly pending?: true;
  /** Only there when the event that was kept under this id says something else. */
  readonly conflict?: true;
  /** Only there when it was rejected. */
  readonly code?: RejectionCode;
  readonly reason?: string;
}

/** Answer of `POST /v1/events`. */
export interface EventsTakenResponse {
  readonly durability: IntakeAnswer["durability"];
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  /** In the order of the request. */
  readonly results: readonly EventResultResponse[];
}

/** An event as it is kept. */
export interface KeptEventResponse {
  readonly event_id: string;
  readonly event_type: string;
  readonly subject_id: string;
  readonly decision_id: string | null;
  readonly occurred_at: string;
  readonly received_at: string;
  readonly properties: JsonObject;
  readonly value: number | null;
  /** Only there for exposures. */
  readonly exposure?: ExposureState;
}

/** A page of events, latest first. */
export interface EventsResponse {
  readonly events: readonly KeptEventResponse[];
  /** `cursor` of the next page; `null` after the last. */
  readonly next_cursor: string | null;
}

/** The type that is always there. */
export const EXPOSURE_TYPE_RESPONSE: EventTypeResponse = {
  key: EXPOSURE_EVENT_TYPE,
  description: "A subject has met what was decided for it.",
  schema: null,
  requires_exposure: false,
  archived_at: null,
  built_in: true,
  version: 1,
  updated_at: null,
};

/** An event type for the wire. */
export function presentEventType(type: EventType): EventTypeResponse {
  return {
    key: type.key,
    description: type.description,
    schema: type.schema,
    requires_exposure: type.requiresExposure,
    archived_at: type.archivedAt === null ? null : formatInstant(type.archivedAt),
    built_in: false,
    version: type.version,
    updated_at: formatInstant(type.updatedAt),
  };
}

/** What became of a batch, for the wire. */
export function presentEventsTaken(
  sent: readonly (EventDraft | Rejection)[],
  { durability, outcomes }: IntakeAnswer,
): EventsTakenResponse {
  const having = (status: IntakeOutcome["status"]): number => outcomes.filter((each) => each.status === status).length;
  return {
    durability,
    accepted: having("accepted"),
    duplicates: having("duplicate"),
    rejected: having("rejected"),
    results: outcomes.map((outcome, index) => presentOutcome(sent[index], outcome, durability)),
  };
}

function presentOutcome(
  sent: EventDraft | Rejection | undefined,
  outcome: IntakeOutcome,
  durability: IntakeAnswer["durability"],
): EventResultResponse {
  const event_id = sent !== undefined && "eventId" in sent ? sent.eventId : null;
  switch (outcome.status) {
    case "accepted":
      return { event_id, status: "accepted", durability, ...(outcome.pending && { pending: true }) };
    case "duplicate":
      return { event_id, status: "duplicate", ...(outcome.conflict && { conflict: true }) };
    case "rejected":
      return { event_id, status: "rejected", code: outcome.code, reason: outcome.reason };
  }
}

/** A page of events for the wire. */
export function presentEvents({ events, next }: EventPage): EventsResponse {
  return {
    events: events.map((event) => ({
      event_id: event.eventId,
      event_type: event.eventType,
      subject_id: event.subjectId,
      decision_id: event.decisionId,
      occurred_at: formatInstant(event.occurredAt),
      received_at: formatInstant(event.receivedAt),
      properties: event.properties,
      value: event.value,
      ...(event.exposure !== null && { exposure: event.exposure }),
    })),
    next_cursor: next === null ? null : eventCursor(next),
  };
}
