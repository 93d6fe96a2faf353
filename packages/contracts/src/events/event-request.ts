import { isJsonObject, type JsonObject } from "@lotty/domain";
import type { EventDraft, Rejection } from "@lotty/events";
import { z } from "zod";
import { AN_OBJECT } from "../control/control-fields.ts";
import { jsonFault } from "../control/json-fault.ts";
import { MAX_EVENTS } from "../limits.ts";
import { type Read, readWith } from "../read-request.ts";
import { recordIdSchema, timeSchema } from "../records/record-queries.ts";
import { flagKeySchema, subjectIdSchema, typeMessage } from "../request-fields.ts";

const propertiesSchema = z
  .custom<JsonObject>()
  .check((context) => {
    const message = isJsonObject(context.value) ? jsonFault(context.value) : "must be an object";
    if (message !== undefined) context.issues.push({ code: "custom", message, input: context.value });
  })
  .meta({ type: "object" });

/** An event as it is sent. */
export interface EventRequest {
  readonly event_id: string;
  readonly event_type: string;
  readonly subject_id: string;
  readonly decision_id?: string | null;
  readonly timestamp: number;
  readonly properties?: JsonObject;
  readonly value?: number | null;
}

/** Schema of {@link EventRequest}. */
export const eventSchema: z.ZodType<EventRequest> = z
  .strictObject(
    {
      event_id: subjectIdSchema.meta({ description: "Chosen by the sender: an event is kept once by it." }),
      event_type: flagKeySchema,
      subject_id: subjectIdSchema,
      decision_id: recordIdSchema.nullable().exactOptional().meta({ description: "Exposures need it." }),
      timestamp: timeSchema.meta({ description: "When it happened, by the sender's clock, as RFC 3339 has it." }),
      properties: propertiesSchema.exactOptional(),
      value: z
        .number({ error: typeMessage("a number") })
        .nullable()
        .exactOptional(),
    },
    AN_OBJECT,
  )
  .meta({ id: "NewEvent" });

/** Body of `POST /v1/events`. */
export interface EventBatchRequest {
  /** Looked at one by one: see {@link readEvent}. */
  readonly events: readonly unknown[];
}

function batchOf<T>(element: z.ZodType<T>): z.ZodType<{ readonly events: readonly T[] }> {
  const events = z
    .array(element, { error: typeMessage("a list of events") })
    .min(1, { error: "must have at least one event", abort: true })
    .max(MAX_EVENTS, { error: `must have at most ${MAX_EVENTS} events`, abort: true });
  return z.strictObject({ events }, AN_OBJECT);
}

/** Schema of the body of `POST /v1/events`, for its description. */
export const eventBatchSchema: z.ZodType = batchOf(eventSchema).meta({ id: "NewEvents" });

const batchSchema: z.ZodType<EventBatchRequest> = batchOf(z.unknown());

/** Reads the body of `POST /v1/events` as far as its list: one bad event is no fault of the batch. */
export function readEventBatch(body: unknown): Read<EventBatchRequest> {
  return readWith(batchSchema, body);
}

/** Reads one event, or says why it is none. */
export function readEvent(sent: unknown): EventDraft | Rejection {
  const read = readWith(eventSchema, sent);
  if (!read.ok) {
    const [first] = read.faults;
    const reason =
      first === undefined ? "It is no event." : `${first.path === "" ? "It" : first.path} ${first.message}.`;
    return { status: "rejected", code: "invalid_event", reason };
  }
  const { decision_id, event_id, event_type, properties, subject_id, timestamp, value } = read.request;
  return {
    eventId: event_id,
    eventType: event_type,
    subjectId: subject_id,
    decisionId: decision_id ?? null,
    timestamp,
    properties: properties ?? {},
    value: value ?? null,
  };
}
