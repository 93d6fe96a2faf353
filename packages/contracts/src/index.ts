export { attributesFault, type AttributesFault } from "./attributes-fault.ts";
export {
  exportFormatSchema,
  hashQuerySchema,
  kindQuerySchema,
  readAuditExportQuery,
  readAuditQuery,
  readAuditVerifyQuery,
  sequenceQuerySchema,
  type AuditExportQuery,
  type AuditFilter,
  type AuditQuery,
} from "./control/audit-queries.ts";
export {
  approverGroupsSchema,
  auditPageSchema,
  chainVerdictSchema,
  conflictDomainsSchema,
  experimentsSchema,
  flagDiffSchema,
  flagVersionsSchema,
  flagsSchema,
  launchGateSchema,
  overlapSchema,
  previewSchema,
  segmentsSchema,
  staleFlagsSchema,
  type ChainVerdictResponse,
  type FlagDifferenceResponse,
  type LandingResponse,
  type LaunchGateResponse,
  type OverlapResponse,
  type PreviewResponse,
  type ReviewStateResponse,
  type StaleFlagResponse,
} from "./control/control-answers.ts";
export { type ControlProblem, controlProblemSchema, type RefusalResponse } from "./control/control-problem.ts";
export {
  DEFAULT_LOOK_BACK_DAYS,
  DEFAULT_VERSIONS,
  MAX_VERSIONS,
  daysQuerySchema,
  placeCursor,
  placeCursorSchema,
  readDaysQuery,
  readDiffQuery,
  readExperimentsQuery,
  readFlagsQuery,
  readMetricQuery,
  readVersionsQuery,
  statusQuerySchema,
  versionQuerySchema,
  versionsLimitSchema,
  yesOrNoQuerySchema,
  type FlagsQuery,
  type VersionsQuery,
  ifMatchSchema,
} from "./control/control-queries.ts";
export type {
  ApproverGroupResponse,
  AuditEntryResponse,
  ConflictDomainResponse,
  ExperimentContentResponse,
  ExperimentResponse,
  ExperimentSummaryResponse,
  FindingResponse,
  FlagResponse,
  FlagVersionResponse,
  ReviewResponse,
  SegmentResponse,
} from "./control/control-records.ts";
export {
  approverGroupSchema,
  conflictDomainSchema,
  experimentSchema,
  flagSchema,
  segmentSchema,
} from "./control/control-schemas.ts";
export { draftOf, experimentEditOf } from "./control/experiment-edit-of.ts";
export {
  applyEditSchema,
  approvalSchema,
  completionSchema,
  experimentEditSchema,
  newExperimentSchema,
  objectionSchema,
  plainActionSchema,
  readApplyEdit,
  readApproval,
  readCompletion,
  readExperimentEdit,
  readNewExperiment,
  readObjection,
  readPlainAction,
  readRollback,
  rollbackSchema,
  type ExperimentEditRequest,
  type NewExperimentRequest,
} from "./control/experiment-requests.ts";
export { flagEditOf, newFlagOf } from "./control/flag-edit-of.ts";
export {
  guardrailEditSchema,
  newGuardrailSchema,
  rampRequestSchema,
  readGuardrailEdit,
  readNewGuardrail,
  readRamp,
  readRehearsal,
  readUndo,
  rehearsalRequestSchema,
  undoSchema,
  type GuardrailEditRequest,
  type NewGuardrailRequest,
  type RampRequest,
  type RehearsalRequest,
} from "./guardrails/guardrail-requests.ts";
export type {
  EvaluationRoundResponse,
  FiringRateResponse,
  FiringResponse,
  GuardrailResponse,
  IncidentResponse,
  RampResponse,
  ReachedResponse,
  RehearsalResponse,
  TimelineEntryResponse,
  WatchedGuardrailResponse,
} from "./guardrails/guardrail-responses.ts";
export {
  evaluationRoundSchema,
  firingSchema,
  firingsSchema,
  guardrailSchema,
  guardrailsSchema,
  incidentSchema,
  rampSchema,
  rehearsalSchema,
} from "./guardrails/guardrail-schemas.ts";
export {
  presentFiring,
  presentGuardrail,
  presentRamp,
  presentWatchedGuardrail,
} from "./guardrails/present-guardrails.ts";
export {
  flagEditSchema,
  newFlagSchema,
  readFlagEdit,
  readNewFlag,
  readRestore,
  restoreSchema,
  type FlagEditRequest,
  type NewFlagRequest,
} from "./control/flag-requests.ts";
export {
  presentApproverGroup,
  presentAuditEntry,
  presentConflictDomain,
  presentExperiment,
  presentExperimentSummary,
  presentFlag,
  presentFlagVersion,
  presentSegment,
} from "./control/present-control.ts";
export { presentFlagDifference, presentStaleFlag } from "./control/present-flag-history.ts";
export { presentOverlap } from "./control/present-overlap.ts";
export { presentPreview } from "./control/present-preview.ts";
export { presentFinding, presentRefusals } from "./control/present-refusal.ts";
export { presentReviews, reviewsSchema, type ReviewsResponse } from "./control/present-reviews.ts";
export { presentVerdict } from "./control/present-verdict.ts";
export { REFUSAL_CODES } from "./control/refusal-codes.ts";
export {
  domainEditSchema,
  newApproverGroupSchema,
  newDomainSchema,
  newSegmentSchema,
  readApproverGroup,
  readDomainEdit,
  readNewDomain,
  readNewSegment,
  readSegmentEdit,
  segmentEditSchema,
  type DomainMemberRequest,
} from "./control/surroundings-requests.ts";
export { isWantedExperiment, isWantedFlag } from "./control/wanted-things.ts";
export { isWantedEntry } from "./control/wanted-entries.ts";
export { eventCursorSchema, readEventsQuery, type EventsQuery } from "./events/event-query.ts";
export { eventBatchSchema, readEvent, readEventBatch } from "./events/event-request.ts";
export { eventTypeEditOf } from "./events/event-type-edit-of.ts";
export { eventsSchema, eventsTakenSchema, eventTypeSchema, eventTypesSchema } from "./events/event-schemas.ts";
export {
  eventTypeEditSchema,
  newEventTypeSchema,
  readEventTypeEdit,
  readNewEventType,
  type EventTypeEditRequest,
  type NewEventTypeRequest,
} from "./events/event-type-requests.ts";
export {
  EXPOSURE_TYPE_RESPONSE,
  presentEvents,
  presentEventsTaken,
  presentEventType,
  type EventResultResponse,
  type EventsResponse,
  type EventsTakenResponse,
  type EventTypeResponse,
  type KeptEventResponse,
} from "./events/present-events.ts";
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
  FlagRuleResponse,
  GateResponse,
  HolderResponse,
  VariantRangeResponse,
} from "./explanation-response.ts";
export { idSchema } from "./identity/identity-fields.ts";
export {
  logInSchema,
  newKeySchema,
  newUserSchema,
  ownPasswordSchema,
  readLogIn,
  readNewKey,
  readNewUser,
  readOwnPassword,
  readUserChange,
  userChangeSchema,
  type LogInRequest,
  type NewKeyRequest,
  type NewUserRequest,
  type OwnPasswordRequest,
  type UserChangeRequest,
} from "./identity/identity-requests.ts";
export {
  callerSchema,
  keyCreationSchema,
  keySchema,
  keysSchema,
  madeKeySchema,
  presentCaller,
  presentKey,
  presentUser,
  userSchema,
  usersSchema,
  type CallerResponse,
  type KeyResponse,
  type MadeKeyResponse,
  type RepeatedKeyResponse,
  type UserResponse,
} from "./identity/present-identity.ts";
export {
  MAX_ATTRIBUTE_DEPTH,
  MAX_ATTRIBUTE_ENTRIES,
  MAX_ATTRIBUTE_NAME_LENGTH,
  MAX_BODY_BYTES,
  MAX_EVENTS,
  MAX_EVENTS_BYTES,
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
export {
  isFlagKey,
  ofrepRequestSchema,
  readOfrepRequest,
  type OfrepErrorCode,
  type OfrepFault,
  type OfrepSubject,
  type ReadOfrep,
} from "./ofrep/ofrep-request.ts";
export { presentOfrepEvaluation, presentOfrepPreview, type OfrepFacts } from "./ofrep/present-ofrep.ts";
export {
  ofrepAnyProblemSchema,
  ofrepBulkSchema,
  ofrepEvaluationSchema,
  ofrepProblemSchema,
  type OfrepBulkEvaluation,
  type OfrepEvaluation,
  type OfrepEventStream,
  type OfrepProblem,
  type OfrepReason,
} from "./ofrep/ofrep-response.ts";
export { anyJsonObjectSchema, anyJsonSchema } from "./openapi/any-json.ts";
export { decideAnswerSchema, decideSchema } from "./openapi/decision-schema.ts";
export { explainRequestSchema, explanationSchema } from "./openapi/explanation-schema.ts";
export { livezSchema, openApiDocumentSchema, readyzSchema } from "./openapi/operations-schemas.ts";
export {
  environmentParameter,
  idempotencyKeyParameter,
  ifNoneMatchParameter,
  lastEventIdSchema,
  revisionTagSchema,
} from "./openapi/parameters.ts";
export { problemFields, problemSchema } from "./openapi/problem-schema.ts";
export { buildOpenApiDocument, type DocumentFacts } from "./openapi/build-document.ts";
export type { Operation, OperationAnswer, OperationParameter, PlacedOperation } from "./openapi/operation.ts";
export { presentExplanation } from "./present-explanation.ts";
export { HTTP_FAULT_CODES, PROBLEM_MEDIA_TYPE, type HttpFaultCode, type Problem, type ProblemCode } from "./problem.ts";
export type { Read, RequestFault } from "./read-request.ts";
export {
  presentErasure,
  presentRecord,
  presentRecords,
  presentReplay,
  presentSubject,
  type AssignmentResponse,
  type ErasureResponse,
  type RecordResponse,
  type RecordsResponse,
  type ReplayResponse,
  type ReplaySideResponse,
  type SubjectResponse,
} from "./records/present-records.ts";
export {
  cursorOf,
  cursorSchema,
  DEFAULT_DAYS,
  DEFAULT_PAGE_SIZE,
  MAX_PAGE_SIZE,
  pageSizeSchema,
  readDecisionsQuery,
  readReplayRequest,
  readSubjectQuery,
  recordIdSchema,
  replayRequestSchema,
  textSchema,
  timeSchema,
  type DecisionsQuery,
  type ReplayRequest,
} from "./records/record-queries.ts";
export { erasureSchema, recordSchema, recordsSchema, replaySchema, subjectSchema } from "./records/record-schemas.ts";
export { decidingPart, presentSnapshot, ruleTextsOf } from "./snapshot/present-snapshot.ts";
export { readSnapshot, type ReceivedSnapshot } from "./snapshot/read-snapshot.ts";
export {
  SNAPSHOT_FORMAT,
  snapshotSchema,
  type SnapshotDomain,
  type SnapshotExperiment,
  type SnapshotFlag,
  type SnapshotFlagRule,
  type SnapshotResponse,
  type SnapshotRule,
  type SnapshotSegment,
  type SnapshotVariant,
} from "./snapshot/snapshot-response.ts";
export {
  environmentAnswerSchema,
  type EnvironmentResponse,
  environmentsSchema,
  newEnvironmentSchema,
  presentEnvironment,
  readNewEnvironment,
} from "./environments/environment-contracts.ts";
export { metricSchema, metricsSchema, presentMetric, type MetricResponse } from "./metrics/metric-answers.ts";
export {
  definitionOf,
  metricEditSchema,
  newMetricSchema,
  readMetricEdit,
  readNewMetric,
  type EventSelectionRequest,
  type MetricDefinitionRequest,
  type MetricEditRequest,
  type NewMetricRequest,
} from "./metrics/metric-requests.ts";
