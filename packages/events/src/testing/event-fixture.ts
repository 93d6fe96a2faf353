import { DEFAULT_ENVIRONMENT_ID, type EventType } from "@lotty/domain";
import type { EventDraft } from "../event-draft.ts";

/** When the events of tests arrive. */
export const RECEIVED: number = Date.UTC(2026, 5, 1, 12) * 1_000;

/** A purchase as it was sent. */
export function draft(fields: Partial<EventDraft> = {}): EventDraft {
  return {
    eventId: "e1",
    eventType: "purchase",
    subjectId: "ada",
    decisionId: null,
    properties: {},
    value: null,
    timestamp: RECEIVED,
    ...fields,
  };
}

/** An event type. */
export function eventType(fields: Partial<EventType> = {}): EventType {
  return {
    environmentId: DEFAULT_ENVIRONMENT_ID,
    key: "purchase",
    description: null,
    schema: null,
    requiresExposure: false,
    archivedAt: null,
    version: 1,
    updatedAt: 0,
    ...fields,
  };
}
