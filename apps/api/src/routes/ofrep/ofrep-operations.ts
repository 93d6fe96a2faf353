import {
  ifNoneMatchParameter,
  ofrepAnyProblemSchema,
  ofrepBulkSchema,
  ofrepEvaluationSchema,
  ofrepProblemSchema,
  ofrepRequestSchema,
  type Operation,
  type OperationAnswer,
  PROBLEM_MEDIA_TYPE,
  revisionTagSchema,
} from "@lotty/contracts";

const WRONG_REQUEST: OperationAnswer = {
  description: "The request is not what the protocol takes: `PARSE_ERROR`, `TARGETING_KEY_MISSING`, `INVALID_CONTEXT`.",
  schema: ofrepProblemSchema,
  mediaType: PROBLEM_MEDIA_TYPE,
};

/** What the description of the API says about the evaluation of one flag. */
export const EVALUATE_FLAG_OPERATION: Operation = {
  id: "ofrepEvaluateFlag",
  summary: "Evaluate one flag (OFREP)",
  description: "Decides and records as `POST /v1/decide` does.",
  tags: ["OpenFeature"],
  request: ofrepRequestSchema,
  problem: ofrepAnyProblemSchema,
  answers: {
    200: { description: "The evaluation.", schema: ofrepEvaluationSchema },
    400: WRONG_REQUEST,
    404: {
      description: "There is no flag with this key: `FLAG_NOT_FOUND`.",
      schema: ofrepProblemSchema,
      mediaType: PROBLEM_MEDIA_TYPE,
    },
  },
};

/** What the description of the API says about the evaluation of all flags. */
export const EVALUATE_FLAGS_OPERATION: Operation = {
  id: "ofrepEvaluateFlags",
  summary: "Evaluate all flags ahead (OFREP)",
  description: "Records nothing and takes no place in an experiment.",
  tags: ["OpenFeature"],
  parameters: [
    ifNoneMatchParameter,
    {
      name: "flagConfigEtag",
      in: "query",
      description: "The tag of the event that made the client fetch anew; the answer is at least as new.",
      schema: revisionTagSchema,
    },
  ],
  request: ofrepRequestSchema,
  problem: ofrepAnyProblemSchema,
  answers: {
    200: {
      description: "The evaluations of all flags.",
      schema: ofrepBulkSchema,
      headers: { ETag: "Changes with the configuration and the context; absent where the answer may not last." },
    },
    304: { description: "Neither the configuration nor the context has changed." },
    400: WRONG_REQUEST,
  },
};
