import type { Operation } from "@lotty/contracts";
import { lastEventIdSchema } from "@lotty/contracts";

const LAST_EVENT_ID = {
  name: "Last-Event-ID",
  in: "header",
  description: "The last revision that the client has heard of; the newest one is told at once if it is another.",
  schema: lastEventIdSchema,
} as const;

/** What the description of the API says about `GET /v1/stream`. */
export const STREAM_OPERATION: Operation = {
  id: "streamChanges",
  summary: "Hear of new revisions of the configuration",
  description:
    "Server-sent events `configuration_changed`: the id is the revision, the data `{environment, revision}`. " +
    "A comment every 15 seconds keeps the connection alive.",
  tags: ["Configuration"],
  parameters: [LAST_EVENT_ID],
  answers: {
    200: { description: "Events for as long as the connection lasts.", mediaType: "text/event-stream" },
  },
};

/** What the description of the API says about `GET /ofrep/v1/stream`. */
export const OFREP_STREAM_OPERATION: Operation = {
  id: "ofrepStream",
  summary: "Hear when to fetch evaluations anew",
  description:
    'Server-sent events `message` as ADR 8 of OFREP has them: `{"type":"refetchEvaluation","etag":"…"}`. ' +
    "Clients find the address in the `eventStreams` of the bulk evaluation.",
  tags: ["OpenFeature"],
  parameters: [LAST_EVENT_ID],
  answers: {
    200: { description: "Events for as long as the connection lasts.", mediaType: "text/event-stream" },
  },
};
