export { attributesFault, type AttributesFault } from "./attributes-fault.ts";
export {
  decideManySchema,
  decideOneSchema,
  readDecideRequest,
  type DecideManyRequest,
  type DecideOneRequest,
  type DecideRequest,
} from "./decide-request.ts";
export { explainSchema, readExplainRequest, type ExplainRequest } from "./explain-request.ts";
export type {
  BlockingAssignmentResponse,
  ClauseResponse,
  DomainCandidateResponse,
  DomainResponse,
  ExplanationResponse,
  GateResponse,
  HolderResponse,
  VariantRangeResponse,
} from "./explanation-response.ts";
export {
  MAX_ATTRIBUTE_DEPTH,
  MAX_ATTRIBUTE_ENTRIES,
  MAX_ATTRIBUTE_NAME_LENGTH,
  MAX_BODY_BYTES,
  MAX_FLAG_KEY_LENGTH,
  MAX_FLAGS,
  MAX_LISTED_FAULTS,
} from "./limits.ts";
export type { ClausePrinter } from "./present-clause.ts";
export {
  presentDecision,
  presentDecisions,
  type DecisionResponse,
  type DecisionsResponse,
} from "./present-decision.ts";
export { presentExplanation } from "./present-explanation.ts";
export { HTTP_FAULT_CODES, PROBLEM_MEDIA_TYPE, type HttpFaultCode, type Problem, type ProblemCode } from "./problem.ts";
export type { Read, RequestFault } from "./read-request.ts";
