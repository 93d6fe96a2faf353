import type { Instant } from "./instant.ts";
import type { JsonValue } from "./json-value.ts";

/** Key of the built-in event type that says that a subject has met what was decided for it. */
export const EXPOSURE_EVENT_TYPE = "exposure";

/** Most event types of an environment, archived ones included: every process has all of them in memory. */
export const MAX_EVENT_TYPES = 1_000;

/** A kind of event that an environment takes. */
export interface EventType {
  readonly environmentId: string;
  /** Unique in its environment; never changes, because events name it. */
  readonly key: string;
  readonly description: string | null;
  /** JSON Schema of the events' `properties`; `null` when any object will do. */
  readonly schema: JsonValue;
  /** Whether such an event counts for an experiment only after its subject was exposed, and waits for the exposure until then. */
  readonly requiresExposure: boolean;
  /** When it stopped being taken; `null` while it is. */
  readonly archivedAt: Instant | null;
  /** Grows by one with every change, from 1. */
  readonly version: number;
  readonly updatedAt: Instant;
}
