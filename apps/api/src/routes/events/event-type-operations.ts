import {
  controlProblemSchema,
  eventTypeEditSchema,
  eventTypeSchema,
  eventTypesSchema,
  newEventTypeSchema,
  type Operation,
  type OperationParameter,
  textSchema,
} from "@lotty/contracts";
import { ifMatchParameter } from "../control/if-match.ts";

const tags = ["Events"];
const problem = controlProblemSchema;

const key: OperationParameter = {
  name: "key",
  in: "path",
  description: "Key of the event type.",
  required: true,
  schema: textSchema,
};

/** What the description of the API says about `GET /v1/event-types`. */
export const LIST_EVENT_TYPES_OPERATION: Operation = {
  id: "listEventTypes",
  summary: "List event types",
  description: "The built-in one and those that are archived are among them.",
  tags,
  answers: { 200: { description: "All event types, by key.", schema: eventTypesSchema } },
};

/** What the description of the API says about `POST /v1/event-types`. */
export const CREATE_EVENT_TYPE_OPERATION: Operation = {
  id: "createEventType",
  summary: "Make an event type",
  tags,
  request: newEventTypeSchema,
  answers: { 201: { description: "The event type.", schema: eventTypeSchema, headers: { Location: "Its path." } } },
  problem,
};

/** What the description of the API says about `GET /v1/event-types/{key}`. */
export const FIND_EVENT_TYPE_OPERATION: Operation = {
  id: "findEventType",
  summary: "Look up an event type",
  tags,
  parameters: [key],
  answers: {
    200: { description: "The event type.", schema: eventTypeSchema, headers: { ETag: "Its version." } },
  },
};

/** What the description of the API says about `PATCH /v1/event-types/{key}`. */
export const EDIT_EVENT_TYPE_OPERATION: Operation = {
  id: "editEventType",
  summary: "Change an event type, put it into the archive or take it out",
  description: "Events that were taken before stay as they are. An event type keeps its key and is never removed.",
  tags,
  parameters: [key, ifMatchParameter("named")],
  request: eventTypeEditSchema,
  answers: {
    200: {
      description: "The event type as it is now.",
      schema: eventTypeSchema,
      headers: { ETag: "Its new version." },
    },
  },
  problem,
};
