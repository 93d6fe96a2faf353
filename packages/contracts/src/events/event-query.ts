import { type EventPlace, type Instant } from "@lotty/domain";
import { z } from "zod";
import type { Read } from "../read-request.ts";
import { DEFAULT_PAGE_SIZE, pageSizeSchema, readQuery, timeSchema } from "../records/record-queries.ts";
import { flagKeySchema, subjectIdSchema } from "../request-fields.ts";

const CURSOR = /^e1_(-?\d{1,16})_(.+)$/s;

/** Where the next page of events goes on, for the wire: opaque to callers. */
export function eventCursor({ eventId, occurredAt }: EventPlace): string {
  return `e1_${occurredAt}_${encodeURIComponent(eventId)}`;
}

/** What {@link eventCursor} made. */
export const eventCursorSchema: z.ZodType<EventPlace, string> = z.string().transform((text, context) => {
  const [, occurredAt, id = ""] = CURSOR.exec(text) ?? [];
  const eventId = decoded(id);
  if (occurredAt !== undefined && eventId !== undefined) return { occurredAt: Number(occurredAt), eventId };
  context.issues.push({ code: "custom", message: "must be the next_cursor of a page", input: text });
  return z.NEVER;
});

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** The query of `GET /v1/events`. */
export interface EventsQuery {
  readonly subject_id: string;
  readonly event_type?: string;
  readonly from?: Instant;
  readonly to?: Instant;
  readonly limit: number;
  /** The event after which the page begins. */
  readonly cursor?: EventPlace;
}

const eventsQuerySchema: z.ZodType<EventsQuery> = z.strictObject({
  subject_id: subjectIdSchema,
  event_type: flagKeySchema.exactOptional(),
  from: timeSchema.exactOptional(),
  to: timeSchema.exactOptional(),
  limit: pageSizeSchema.prefault(String(DEFAULT_PAGE_SIZE)),
  cursor: eventCursorSchema.exactOptional(),
});

/** Reads the query of `GET /v1/events`. */
export function readEventsQuery(query: URLSearchParams): Read<EventsQuery> {
  return readQuery(eventsQuerySchema, query);
}
