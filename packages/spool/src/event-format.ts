import type { SQLInputValue } from "node:sqlite";
import type { EventRecord, JsonObject } from "@lotty/domain";
import { numberOrNull, textOrNull } from "./row-values.ts";
import { type FollowUp, NO_FOLLOW_UP, type SpoolFormat, type SpoolRow } from "./spool-format.ts";

const VERSION = 1;

const TABLES = `
CREATE TABLE IF NOT EXISTS spooled (
  seq INTEGER PRIMARY KEY,
  bytes INTEGER NOT NULL,
  refused TEXT,
  environment_id TEXT NOT NULL,
  event_id TEXT NOT NULL,
  event_type TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  decision_id TEXT,
  occurred_at INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  value REAL,
  properties TEXT NOT NULL
) STRICT;
PRAGMA user_version = ${VERSION};
`;

const INSERT = `
INSERT INTO spooled (bytes, environment_id, event_id, event_type, subject_id, decision_id, occurred_at, received_at, value, properties)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** What a row takes besides its texts, in bytes: measured on files of 20,000 events. */
const ROW_BYTES = 45;

function bytesOf({ decisionId, environmentId, eventId, eventType, properties, subjectId }: EventRecord): number {
  const texts = [environmentId, eventId, eventType, subjectId, decisionId ?? "", JSON.stringify(properties)];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), ROW_BYTES);
}

/** In the order of {@link INSERT}. */
function valuesOf(event: EventRecord): SQLInputValue[] {
  return [
    bytesOf(event),
    event.environmentId,
    event.eventId,
    event.eventType,
    event.subjectId,
    event.decisionId,
    event.occurredAt,
    event.receivedAt,
    event.value,
    JSON.stringify(event.properties),
  ];
}

/** The event of a row; `undefined` when its properties are none. Its other types are those of the strict table. */
function itemOf(row: SpoolRow): EventRecord | undefined {
  const properties = objectIn(String(row["properties"]));
  if (properties === undefined) return undefined;
  return {
    environmentId: String(row["environment_id"]),
    eventId: String(row["event_id"]),
    eventType: String(row["event_type"]),
    subjectId: String(row["subject_id"]),
    decisionId: textOrNull(row["decision_id"]),
    occurredAt: Number(row["occurred_at"]),
    receivedAt: Number(row["received_at"]),
    value: numberOrNull(row["value"]),
    properties,
  };
}

function objectIn(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What JSON was made of is JSON all through. */
function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** How events lie in a file. */
export const EVENT_FORMAT: SpoolFormat<EventRecord, FollowUp<EventRecord>> = {
  version: VERSION,
  upgrades: new Map(),
  tables: TABLES,
  insert: INSERT,
  sinceColumn: "received_at",
  valuesOf,
  itemOf,
  bytesOf,
  sinceOf: ({ receivedAt }) => receivedAt,
  follow: () => NO_FOLLOW_UP,
};
