import {
  DEFAULT_PAGE_SIZE,
  eventBatchSchema,
  eventCursorSchema,
  eventsSchema,
  eventsTakenSchema,
  MAX_EVENTS,
  MAX_EVENTS_BYTES,
  MAX_PAGE_SIZE,
  type Operation,
  pageSizeSchema,
  textSchema,
  timeSchema,
} from "@lotty/contracts";

const tags = ["Events"];

/** What the description of the API says about `POST /v1/events`. */
export const SEND_EVENTS_OPERATION: Operation = {
  id: "sendEvents",
  summary: "Send events",
  description:
    `Up to ${MAX_EVENTS} events in at most ${MAX_EVENTS_BYTES} bytes, which may be packed with gzip. Each event is judged by itself; the answer tells what became of each, also when all ` +
    "were rejected. An event is kept once by its id, so a batch without an answer may be sent again.",
  tags,
  request: eventBatchSchema,
  answers: { 200: { description: "What became of each event.", schema: eventsTakenSchema } },
};

/** What the description of the API says about `GET /v1/events`. */
export const LIST_EVENTS_OPERATION: Operation = {
  id: "listEvents",
  summary: "List the events of a subject",
  description: "Latest first.",
  tags,
  parameters: [
    { name: "subject_id", in: "query", description: "Whose events.", required: true, schema: textSchema },
    { name: "event_type", in: "query", description: "Only those of this type.", schema: textSchema },
    { name: "from", in: "query", description: "Only those that occurred from this time on.", schema: timeSchema },
    { name: "to", in: "query", description: "Only those that occurred before this time.", schema: timeSchema },
    {
      name: "limit",
      in: "query",
      description: `Most events on the page: 1 to ${MAX_PAGE_SIZE}, ${DEFAULT_PAGE_SIZE} when left out.`,
      schema: pageSizeSchema,
    },
    { name: "cursor", in: "query", description: "`next_cursor` of the page before.", schema: eventCursorSchema },
  ],
  answers: { 200: { description: "A page of events.", schema: eventsSchema } },
};
