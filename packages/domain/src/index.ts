export { type Actor, SYSTEM_ACTOR_ID, systemActor } from "./actor.ts";
export { ANNOUNCEMENT_KINDS, type Announcement, type AnnouncementKind } from "./announcement.ts";
export {
  CORRECTION_SCOPES,
  CORRECTIONS,
  LOOKING_RULES,
  POPULATIONS,
  type AnalysisPlan,
  type PlanDeviation,
  type PlannedGuardrail,
  type PlannedMetric,
} from "./analysis-plan.ts";
export type { ArmMoments, MomentColumn } from "./arm-moments.ts";
export type { Assignment, SubjectHistory } from "./assignment.ts";
export {
  AUDITED_KINDS,
  EMPTY_AUDIT_HEAD,
  type AuditContext,
  type AuditDraft,
  type AuditedKind,
  type AuditEntry,
  type AuditHead,
  type AuditLink,
  type AuditLinker,
  type AuditOf,
} from "./audit-entry.ts";
export type { Configuration } from "./configuration.ts";
export { compareCodePoints } from "./code-points.ts";
export type { ConflictDomain, DomainMember } from "./conflict-domain.ts";
export { parseDate } from "./date.ts";
export type { Decision, DecisionRecord, Durability } from "./decision.ts";
export {
  DEFAULT_ENVIRONMENT_ID,
  DEFAULT_ENVIRONMENT_KEY,
  environmentKeyFault,
  MAX_ENVIRONMENT_KEY_LENGTH,
  MAX_ENVIRONMENTS,
  type Environment,
} from "./environment.ts";
export { ERROR_CODES, isLottyError, LottyError, type ErrorCode, type LottyErrorOptions } from "./errors.ts";
export { erasedSubjectId, isErasedSubjectId } from "./erased-subject.ts";
export type { EventRecord } from "./event.ts";
export { exposureSegments } from "./exposure-segments.ts";
export { EXPOSURE_EVENT_TYPE, MAX_EVENT_TYPES, type EventType } from "./event-type.ts";
export {
  EXPERIMENT_OUTCOMES,
  type ExperimentContent,
  type ExperimentDetails,
  type ExperimentOutcome,
  type ExperimentProposal,
} from "./experiment-details.ts";
export {
  TRUST_CHECKS,
  VERDICTS,
  WITHHELD_REASONS,
  type EffectInterval,
  type EffectLook,
  type EffectStatus,
  type ExperimentReport,
  type GuardrailStanding,
  INTERVENTION_KINDS,
  type Intervention,
  type LiftEstimate,
  type MetricResult,
  type MetricRole,
  type ReportedVariant,
  type SegmentEffect,
  type SegmentResult,
  type SmallCounts,
  type TrustCheck,
  type VariantEffect,
  type VariantBelief,
  type VariantResult,
  type Verdict,
} from "./experiment-report.ts";
export {
  EXPERIMENT_STATUSES,
  isActive,
  isConcluded,
  type Experiment,
  type ExperimentStatus,
  type HashVersion,
  type Variant,
} from "./experiment.ts";
export { FLAG_VALUE_TYPES, valueHasType, type Flag, type FlagRule, type FlagValueType } from "./flag.ts";
export type { FlagDetails } from "./flag-details.ts";
export { flagElsewhere } from "./flag-elsewhere.ts";
export {
  FIRING_STEPS,
  GUARDRAIL_ACTIONS,
  GUARDRAIL_STATES,
  MARGIN_KINDS,
  type FiringStep,
  type Guardrail,
  type GuardrailAction,
  type GuardrailEvaluation,
  type GuardrailFiring,
  type GuardrailReading,
  type GuardrailRule,
  type GuardrailState,
  type RecordedFiring,
} from "./guardrail.ts";
export { GUARDRAIL_DEFAULTS, guardrailRuleFaults, unwatchable, type GuardrailRuleFault } from "./guardrail-faults.ts";
export { formatHundredths, FULL_ALLOCATION, parseHundredths, type Hundredths } from "./hundredths.ts";
export { formatInstant, MICROS_PER_DAY, MICROS_PER_MILLI, parseInstant, type Instant } from "./instant.ts";
export { isJsonObject, type JsonObject, type JsonValue } from "./json-value.ts";
export { mergeArmMoments } from "./merge-arm-moments.ts";
export { MAX_SEGMENT_ARMS, MAX_SEGMENT_VALUES, momentsAnswer, type MomentsAnswer } from "./moments-answer.ts";
export { assignmentsOf, mergeHistories } from "./merge-histories.ts";
export { momentColumns } from "./moment-columns.ts";
export {
  METRIC_KINDS,
  type EventSelection,
  type Metric,
  type MetricDefinition,
  type MetricKind,
  type Winsorizing,
} from "./metric.ts";
export {
  MAX_DIGEST_MINUTES,
  MAX_MESSAGES_PER_HOUR,
  DELIVERY_STATUSES,
  WEBHOOK_FORMATS,
  type Delivery,
  type DeliveryAttempt,
  type DeliveryStatus,
  type NotificationRule,
  type Webhook,
  type WebhookFormat,
} from "./notification.ts";
export {
  CERTIFICATE_CHECKS,
  type CertificateCheck,
  type CertificateCheckKind,
  type CheckVerdict,
  type LaunchCertificate,
} from "./launch-certificate.ts";
export type { LearnedEffect, Learning } from "./learning.ts";
export { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH, passwordFault, type PasswordFault } from "./password.ts";
export { pinPlan } from "./pin-plan.ts";
export { plannedGuardrails, type PlanToWatch } from "./planned-guardrails.ts";
export { PLAN_DEFAULTS, planFaults, type PlanDefaults, type PlanFault } from "./plan-faults.ts";
export { rampFaults } from "./ramp-faults.ts";
export type { RampPlan, RampStep } from "./ramp-plan.ts";
export { DECISION_REASONS, isDecisionReason, type DecisionReason } from "./reason.ts";
export { REVIEW_VERDICTS, type ApproverGroup, type Review, type ReviewVerdict } from "./review.ts";
export { ROLES, type Role } from "./role.ts";
export type {
  AttributeClause,
  AttributePath,
  EqualityOperator,
  OrderingOperator,
  ParsedRule,
  Rule,
  RuleClause,
  RuleLiteral,
  SegmentClause,
  TextOperator,
} from "./rule.ts";
export { clausesOf, segmentsNamedIn } from "./rule-clauses.ts";
export type { Segment } from "./segment.ts";
export {
  countClauses,
  findSegmentCycle,
  orderSegments,
  SEGMENT_LIMITS,
  type SegmentFault,
  type SegmentOrder,
  type SegmentRules,
} from "./segment-order.ts";
export { compareSemanticVersions, parseSemanticVersion, type SemanticVersion } from "./semantic-version.ts";
export { MAX_SUBJECT_ID_BYTES, subjectIdFault, type Subject, type SubjectIdFault } from "./subject.ts";
export type { AnalysisPlans } from "./ports/analysis-plans.ts";
export type { ChangeNotice, ChangeNotices } from "./ports/change-notices.ts";
export type { Clock } from "./ports/clock.ts";
export type {
  ConfigurationHistory,
  RevisionInForce,
  TimeSpan,
  WrittenExperiment,
} from "./ports/configuration-history.ts";
export type { ConfigurationKeeper, KeptConfiguration } from "./ports/configuration-keeper.ts";
export type { ConfigurationChange, ConfigurationSource, ConfigurationWriter } from "./ports/configuration-store.ts";
export type { ControlChange, ControlPlaneStore } from "./ports/control-plane-store.ts";
export type { CachedDecision, DecisionCache } from "./ports/decision-cache.ts";
export type { DecisionLog, DecisionPage, DecisionQuestion } from "./ports/decision-log.ts";
export type { DecisionMetrics } from "./ports/decision-metrics.ts";
export type { DecisionRecorder, DecisionSink, RecordOutcome, RecordRequest } from "./ports/decision-recorder.ts";
export type {
  DecisionReports,
  DecisionSpread,
  SpreadQuestion,
  StandbyState,
  VariantCount,
} from "./ports/decision-reports.ts";
export type { DecisionSpool } from "./ports/decision-spool.ts";
export type {
  DeadLetter,
  DeadLetters,
  DecisionQueue,
  DecisionStream,
  RecordQueue,
  RetryOutcome,
  StreamEntry,
} from "./ports/decision-stream.ts";
export type { DecisionUsage, Exclusions, ExclusionsQuestion, FlagUsage } from "./ports/decision-usage.ts";
export {
  LOSS_CAUSES,
  type ExperimentFunnel,
  type FunnelAnswer,
  type LedgerLine,
  type LedgerPage,
  type VariantFunnel,
  type VariantLoss,
} from "./ports/experiment-funnel.ts";
export { EVENT_OUTCOMES, type EventMetrics } from "./ports/event-metrics.ts";
export type { EventQueue, EventStream } from "./ports/event-stream.ts";
export type { EventRetention } from "./ports/event-retention.ts";
export type { PendingExposures, PendingProgress, PendingQuestion } from "./ports/pending-exposures.ts";
export type { EventTypeKeeper, KeptEventTypes } from "./ports/event-type-keeper.ts";
export type { EventTypeSource } from "./ports/event-type-source.ts";
export {
  EXPOSURE_STATES,
  type EventLog,
  type EventPage,
  type EventPlace,
  type EventQuestion,
  type ExposureState,
  type KeptEvent,
} from "./ports/event-log.ts";
export type { EventOutcome, EventRecorder, EventRefusal, EventSink } from "./ports/event-recorder.ts";
export type { EventSpool } from "./ports/event-spool.ts";
export type { RecordSpool, RefusedItem, SpoolSize, SpoolWriter } from "./ports/record-spool.ts";
export type { ExperimentMoments, MomentsQuestion, SubjectValue } from "./ports/experiment-moments.ts";
export type { EnvironmentKeeper } from "./ports/environment-keeper.ts";
export { ENVIRONMENTS_NOTICE_ID, type EnvironmentRemoval, type EnvironmentStore } from "./ports/environment-store.ts";
export type { GuardrailChange, GuardrailStore, ReachedSubjects } from "./ports/guardrail-store.ts";
export type { IdSource } from "./ports/id-source.ts";
export type { Exclusively, JobLocks } from "./ports/job-locks.ts";
export type { LogFields, Logger } from "./ports/logger.ts";
export type { LaunchCertificates } from "./ports/launch-certificates.ts";
export type { LearningQuestion, Learnings } from "./ports/learnings.ts";
export type {
  ExportedExposure,
  ExportedMeasure,
  ExportedMetric,
  MeasureExport,
  MeasureSnapshot,
} from "./ports/measure-export.ts";
export type { MetricCatalogue } from "./ports/metric-catalogue.ts";
export type { MeasuredEvent, MeterMaker, MetricMeter, SubjectMeasure, SubjectMeter } from "./ports/metric-meter.ts";
export type { MetricHistory, PastValue } from "./ports/metric-history.ts";
export type {
  ClaimedDelivery,
  DeliveryQuestion,
  NotificationChange,
  NotificationQueue,
  NotificationReads,
  RoutingBatch,
} from "./ports/notification-store.ts";
export type { AttributesReference, RecordedAttributes } from "./ports/recorded-attributes.ts";
export type { RecordedSubject, RecordedSubjects, RecordedSubjectsQuestion } from "./ports/recorded-subjects.ts";
export type { RuleParser } from "./ports/rule-parser.ts";
export type { DomainLoss, ExperimentSubjects, SharedSubjects, SharedSubjectsCount } from "./ports/shared-subjects.ts";
export type { Timer } from "./ports/timer.ts";
export type {
  IdempotencyClaim,
  IdempotencyHorizon,
  IdempotencyStore,
  IdempotentRequest,
  KeptAnswer,
} from "./ports/idempotency-store.ts";
export type { Erasure, ErasureRequest, SubjectEraser } from "./ports/subject-eraser.ts";
export type { KeptHistory, SubjectHistoryCache, SubjectHistorySource } from "./ports/subject-history.ts";
export type { PastAssignment, PastQuestion, SubjectPast, SubjectPastAround } from "./ports/subject-past.ts";
