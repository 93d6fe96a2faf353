import type { EventRecord, JsonObject } from "@lotty/domain";
import { parseJson } from "./parse-json.ts";

const FIELDS = 9;

/** An event as compact text: a JSON array in a fixed order, without line breaks. */
export function encodeEvent(event: EventRecord): string {
  return JSON.stringify([
    event.environmentId,
    event.eventId,
    event.eventType,
    event.subjectId,
    event.decisionId,
    event.occurredAt,
    event.receivedAt,
    event.value,
    event.properties,
  ]);
}

/** Reads what {@link encodeEvent} wrote, or says what is wrong with the text. Never throws. */
export function decodeEvent(text: string): EventRecord | { readonly malformed: string } {
  const fields = parseJson(text);
  if (!Array.isArray(fields)) return { malformed: "the payload is not a JSON array" };
  if (fields.length !== FIELDS) return { malformed: `the payload has ${fields.length} fields instead of ${FIELDS}` };
  const [environmentId, eventId, eventType, subjectId, decisionId, occurredAt, receivedAt, value, properties] =
    fields as unknown[];
  if (typeof environmentId !== "string") return wrong("environment_id");
  if (typeof eventId !== "string" || eventId === "") return wrong("event_id");
  if (typeof eventType !== "string") return wrong("event_type");
  if (typeof subjectId !== "string" || subjectId === "") return wrong("subject_id");
  if (decisionId !== null && typeof decisionId !== "string") return wrong("decision_id");
  if (!isWhole(occurredAt)) return wrong("occurred_at");
  if (!isWhole(receivedAt)) return wrong("received_at");
  if (value !== null && typeof value !== "number") return wrong("value");
  if (!isObject(properties)) return wrong("properties");
  return { environmentId, eventId, eventType, subjectId, decisionId, occurredAt, receivedAt, value, properties };
}

function wrong(field: string): { readonly malformed: string } {
  return { malformed: `the payload has a wrong ${field}` };
}

function isWhole(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value);
}

/** Of what JSON is parsed to. */
function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
