import { randomUUID } from "node:crypto";
import { DEFAULT_ENVIRONMENT_ID, EXPOSURE_EVENT_TYPE, type EventRecord, type Instant } from "@lotty/domain";
import { STORE_NOW } from "./decision-store-fixture.ts";

/** Who was first exposed to what, as it is stored. */
export interface StoredExposure {
  readonly experimentId: string;
  readonly subjectId: string;
  readonly variantId: string;
  readonly firstExposedAt: Instant;
  readonly decisionId: string;
  readonly eventId: string;
  readonly several: boolean;
  readonly segments: Readonly<Record<string, string>>;
}

/** A look at what follows from events. */
export interface StoredFromEvents {
  /** First exposures of a subject, in any order. */
  firstExposures(environmentId: string, subjectId: string): Promise<readonly StoredExposure[]>;
  /** Since when a subject has to be measured anew; `null` when it has not. */
  toFoldSince(environmentId: string, subjectId: string): Promise<Instant | null>;
  /** Takes a subject off the list of those. */
  fold(environmentId: string, subjectId: string): Promise<void>;
}

/** A conversion of its own. */
export function sampleEvent(fields: Partial<EventRecord> = {}): EventRecord {
  return {
    environmentId: DEFAULT_ENVIRONMENT_ID,
    eventId: randomUUID(),
    eventType: "purchase",
    subjectId: randomUUID(),
    decisionId: null,
    occurredAt: STORE_NOW,
    receivedAt: STORE_NOW + 1_000_001,
    properties: {},
    value: null,
    ...fields,
  };
}

/** The exposure of a decision's subject. */
export function sampleExposure(
  {
    decisionId,
    environmentId,
    subjectId,
  }: Pick<EventRecord, "environmentId" | "subjectId"> & { readonly decisionId: string },
  fields: Partial<EventRecord> = {},
): EventRecord {
  return sampleEvent({ environmentId, subjectId, decisionId, eventType: EXPOSURE_EVENT_TYPE, ...fields });
}
