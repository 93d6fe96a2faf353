import type { Instant } from "./instant.ts";
import type { JsonObject } from "./json-value.ts";

/** Something that happened to a subject, as it is kept. */
export interface EventRecord {
  readonly environmentId: string;
  /** Given by the sender; an event is kept once by it. */
  readonly eventId: string;
  /** Key of its {@link EventType}. */
  readonly eventType: string;
  readonly subjectId: string;
  /** The decision that the sender ties it to, a lower-case UUID; `null` when none. */
  readonly decisionId: string | null;
  /** When it happened by the sender's clock, as far as that can be. */
  readonly occurredAt: Instant;
  readonly receivedAt: Instant;
  readonly properties: JsonObject;
  /** What sums and means add up; finite. `null` when the event has no value. */
  readonly value: number | null;
}
