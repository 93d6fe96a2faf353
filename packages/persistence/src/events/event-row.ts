import type { EventRecord } from "@lotty/domain";
import { exactText } from "../sql/exact-text.ts";
import { microsOf } from "../sql/instant-sql.ts";
import { jsonObjectOf } from "../sql/json-object-of.ts";
import type { SqlRow } from "../sql/sql-pool.ts";

/** The columns that {@link toEvent} reads. */
export const EVENT_COLUMNS: string = [
  "environment_id",
  exactText("event_id"),
  exactText("event_type"),
  exactText("subject_id"),
  "decision_id",
  `${microsOf("occurred_at")} AS occurred_at`,
  `${microsOf("received_at")} AS received_at`,
  "value",
  "properties",
].join(", ");

/** An event as it was kept. */
export function toEvent(row: SqlRow): EventRecord {
  return {
    environmentId: String(row["environment_id"]),
    eventId: String(row["event_id"]),
    eventType: String(row["event_type"]),
    subjectId: String(row["subject_id"]),
    decisionId: typeof row["decision_id"] === "string" ? row["decision_id"] : null,
    occurredAt: Number(row["occurred_at"]),
    receivedAt: Number(row["received_at"]),
    properties: jsonObjectOf(row["properties"]),
    value: typeof row["value"] === "number" ? row["value"] : null,
  };
}
