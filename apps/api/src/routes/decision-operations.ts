import {
  decideAnswerSchema,
  decideSchema,
  explainRequestSchema,
  explanationSchema,
  type Operation,
} from "@lotty/contracts";

/** What the description of the API says about `POST /v1/decide`. */
export const DECIDE_OPERATION: Operation = {
  id: "decide",
  summary: "Decide one flag or several flags of one subject",
  description:
    "Records what it decides, unless it is asked to peek. A flag that does not exist is a decision, not an error.",
  tags: ["Decisions"],
  request: decideSchema,
  answers: {
    200: { description: "The decision, or the decisions in the order of `flags`.", schema: decideAnswerSchema },
  },
};

/** What the description of the API says about `POST /v1/explain`. */
export const EXPLAIN_OPERATION: Operation = {
  id: "explain",
  summary: "Tell gate by gate why a subject would get what it gets",
  description: "Records nothing.",
  tags: ["Decisions"],
  request: explainRequestSchema,
  answers: { 200: { description: "Every gate with its inputs and its verdict.", schema: explanationSchema } },
};
