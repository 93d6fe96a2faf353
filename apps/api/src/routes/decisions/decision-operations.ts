import {
  cursorSchema,
  DEFAULT_DAYS,
  DEFAULT_PAGE_SIZE,
  idSchema,
  MAX_PAGE_SIZE,
  type Operation,
  type OperationParameter,
  pageSizeSchema,
  recordIdSchema,
  recordSchema,
  recordsSchema,
  replayRequestSchema,
  replaySchema,
  textSchema,
  timeSchema,
} from "@lotty/contracts";

const tags = ["Records"];

const decisionId: OperationParameter = {
  name: "decision_id",
  in: "path",
  description: "Id of the decision.",
  required: true,
  schema: idSchema,
};

/** What the description of the API says about `GET /v1/decisions`. */
export const LIST_DECISIONS_OPERATION: Operation = {
  id: "listDecisions",
  summary: "List recorded decisions",
  description:
    "Newest first. Each page looks at a bounded part of the log, so one may have fewer decisions than asked for, even none, and " +
    "another may follow: go on until `next_cursor` is null.",
  tags,
  parameters: [
    { name: "subject_id", in: "query", description: "Only those of this subject.", schema: textSchema },
    { name: "experiment_id", in: "query", description: "Only those of this experiment.", schema: recordIdSchema },
    { name: "flag", in: "query", description: "Only those of the flag of this key.", schema: textSchema },
    {
      name: "from",
      in: "query",
      description: `Only those from this time on; ${DEFAULT_DAYS} days ago when left out.`,
      schema: timeSchema,
    },
    { name: "to", in: "query", description: "Only those before this time.", schema: timeSchema },
    {
      name: "limit",
      in: "query",
      description: `Most decisions on the page: 1 to ${MAX_PAGE_SIZE}, ${DEFAULT_PAGE_SIZE} when left out.`,
      schema: pageSizeSchema,
    },
    { name: "cursor", in: "query", description: "`next_cursor` of the page before.", schema: cursorSchema },
  ],
  answers: { 200: { description: "A page of decisions.", schema: recordsSchema } },
};

/** What the description of the API says about `GET /v1/decisions/{decision_id}`. */
export const FIND_DECISION_OPERATION: Operation = {
  id: "findDecision",
  summary: "Look up a recorded decision",
  tags,
  parameters: [decisionId],
  answers: { 200: { description: "The decision as it was recorded.", schema: recordSchema } },
};

/** What the description of the API says about `POST /v1/decisions/{decision_id}/replay`. */
export const REPLAY_OPERATION: Operation = {
  id: "replayDecision",
  summary: "Take a recorded decision again",
  description: "As of its time: with the configuration and the history of then. Records nothing.",
  tags,
  parameters: [decisionId],
  request: replayRequestSchema,
  answers: { 200: { description: "Whether it comes out the same, and if not, at which gate.", schema: replaySchema } },
};
