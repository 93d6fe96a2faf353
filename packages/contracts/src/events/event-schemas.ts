import { EXPOSURE_STATES } from "@lotty/domain";
import { REJECTION_CODES } from "@lotty/events";
import { z } from "zod";
import { anyJsonObjectSchema, anyJsonSchema } from "../openapi/any-json.ts";
import type { EventsResponse, EventsTakenResponse, EventTypeResponse } from "./present-events.ts";

const instantText = z.string().meta({ format: "date-time" });
const count = z.int().min(0);
const durability = z.enum(["committed", "queued", "spooled", "none"]);

/** Schema of {@link EventTypeResponse}. */
export const eventTypeSchema: z.ZodType<EventTypeResponse> = z
  .strictObject({
    key: z.string(),
    description: z.string().nullable(),
    schema: anyJsonSchema,
    requires_exposure: z.boolean(),
    archived_at: instantText.nullable(),
    built_in: z.boolean().meta({ description: "Always there, and never changed." }),
    version: z.int().min(1),
    updated_at: instantText.nullable(),
  })
  .meta({ id: "EventType" });

/** Answer of `GET /v1/event-types`. */
export const eventTypesSchema: z.ZodType<{ readonly event_types: readonly EventTypeResponse[] }> = z
  .strictObject({ event_types: z.array(eventTypeSchema) })
  .meta({ id: "EventTypes" });

const resultSchema = z
  .strictObject({
    event_id: z.string().nullable(),
    status: z.enum(["accepted", "duplicate", "rejected"]),
    durability: durability
      .exactOptional()
      .meta({ description: "How safe it is, as of the whole answer. Only there when it was accepted." }),
    pending: z
      .literal(true)
      .exactOptional()
      .meta({ description: "Only there when an exposure waits for its decision to be on record." }),
    conflict: z
      .literal(true)
      .exactOptional()
      .meta({ description: "Only there when the event that was kept under this id says something else." }),
    code: z.enum(REJECTION_CODES).exactOptional().meta({ description: "Only there when it was rejected." }),
    reason: z.string().exactOptional(),
  })
  .meta({ id: "EventResult" });

/** Schema of {@link EventsTakenResponse}. */
export const eventsTakenSchema: z.ZodType<EventsTakenResponse> = z
  .strictObject({
    durability: durability.meta({ description: "Of all events that were not rejected." }),
    accepted: count,
    duplicates: count,
    rejected: count,
    results: z.array(resultSchema).meta({ description: "In the order of the request." }),
  })
  .meta({ id: "EventsTaken" });

const keptEventSchema = z
  .strictObject({
    event_id: z.string(),
    event_type: z.string(),
    subject_id: z.string(),
    decision_id: z.uuid().nullable(),
    occurred_at: instantText,
    received_at: instantText,
    properties: anyJsonObjectSchema,
    value: z.number().nullable(),
    exposure: z.enum(EXPOSURE_STATES).exactOptional().meta({ description: "Only there for exposures." }),
  })
  .meta({ id: "KeptEvent" });

/** Schema of {@link EventsResponse}. */
export const eventsSchema: z.ZodType<EventsResponse> = z
  .strictObject({
    events: z.array(keptEventSchema),
    next_cursor: z.string().nullable().meta({ description: "`cursor` of the next page; `null` after the last." }),
  })
  .meta({ id: "KeptEvents" });
