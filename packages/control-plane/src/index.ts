export { auditForm } from "./audit/audit-form.ts";
export { auditPage, type AuditPage, type AuditPageQuestion } from "./audit/audit-page.ts";
export { chainEntries } from "./audit/chain-entries.ts";
export { entryHash } from "./audit/entry-hash.ts";
export { AUDIT_CSV_HEADER, auditCsvLine, auditNdjsonLine } from "./audit/export-entries.ts";
export { auditLinker } from "./audit/link-entries.ts";
export { verifyChain, type ChainBounds, type ChainFaultKind, type ChainVerdict } from "./audit/verify-chain.ts";
export {
  overlapOf,
  type DomainCost,
  type ExperimentOverlap,
  type Overlap,
  type OverlapCounts,
} from "./domains/overlap.ts";
export type { Completion, CompletionRequest } from "./experiments/complete.ts";
export { EDITABLE, type DescribedExperiment, type EditWeight, type ExperimentEdit } from "./experiments/edit.ts";
export {
  LAUNCH_FINDING_CODES,
  launchFindings,
  type LaunchFinding,
  type LaunchQuestion,
  type LaunchStage,
} from "./experiments/launch-gate.ts";
export {
  allowedActions,
  LIFECYCLE_ACTIONS,
  transition,
  TRANSITIONS,
  type LifecycleAction,
  type Transition,
} from "./experiments/lifecycle.ts";
export {
  previewEdit,
  type EditPreview,
  type Landing,
  type PreviewCell,
  type PreviewQuestion,
} from "./experiments/preview.ts";
export { diffFlags, type FlagDifference } from "./flags/diff-flags.ts";
export type { DescribedFlag, FlagEdit, FlagRuleEdit } from "./flags/edit-flag.ts";
export { staleFlags, type StaleFlag, type StalenessQuestion } from "./flags/stale-flags.ts";
export { mayDo, PERMISSION_NAMES, PERMISSIONS, type Permission } from "./people/permission.ts";
export type { GuardrailFields, PlanFields } from "./plans/plan-fields.ts";
export { planHash } from "./plans/plan-hash.ts";
export type { PlanSituation } from "./plans/plan-findings.ts";
export type { Refusal } from "./refusal.ts";
export {
  reviewState,
  type ApprovalNeed,
  type ReviewQuestion,
  type ReviewSettings,
  type ReviewState,
} from "./reviews/review-state.ts";
export {
  createApproverGroupControl,
  type ApproverGroupControl,
  type ApproverGroupFields,
} from "./services/approver-group-control.ts";
export type { AnnouncementDraft } from "./services/announcements.ts";
export {
  refused,
  type Answer,
  type Command,
  type CommandResult,
  type ControlPorts,
  type ControlSettings,
  type Plan,
  type Refused,
} from "./services/command.ts";
export type { NewExperiment } from "./services/create-experiment.ts";
export {
  createDefinitionsControl,
  type DefinitionsChange,
  type DefinitionsCommand,
  type DefinitionsControl,
  type DefinitionsPorts,
  type ExportedDefinitions,
} from "./services/definitions-control.ts";
export {
  createDomainControl,
  type DomainCommand,
  type DomainControl,
  type DomainEdit,
} from "./services/domain-control.ts";
export {
  createEnvironmentControl,
  type EnvironmentCommand,
  type EnvironmentControl,
} from "./services/environment-control.ts";
export {
  createEventTypeControl,
  type EventTypeCommand,
  type EventTypeControl,
  type EventTypeEdit,
} from "./services/event-type-control.ts";
export {
  createMetricControl,
  type MetricCommand,
  type MetricControl,
  type MetricEdit,
  type NewMetric,
} from "./services/metric-control.ts";
export { toBeReviewed } from "./services/edit-steps.ts";
export {
  experimentNotFound,
  planExperimentStep,
  planUpdate,
  situationOf,
  versionMismatch,
  type ExperimentCommand,
  type ExperimentResult,
  type ExperimentSituation,
  type ExperimentStep,
} from "./services/experiment-command.ts";
export {
  createExperimentControl,
  type ExperimentControl,
  type ExperimentStanding,
} from "./services/experiment-control.ts";
export type { FlagCommand } from "./services/flag-command.ts";
export { createFlagControl, type FlagControl, type FlagVersionsQuestion } from "./services/flag-control.ts";
export type { NewFlag } from "./services/flag-steps.ts";
export { keepCertificate } from "./services/keep-certificate.ts";
export { runCommand, type Ground, type Planner } from "./services/run-command.ts";
export { expectedTraffic } from "./services/expected-traffic.ts";
export { createPlanControl, type DescribedPlan, type PlanControl } from "./services/plan-control.ts";
export { pauseStep, resumeStep, rollbackStep } from "./services/submit-and-run.ts";
export { createSegmentControl, type SegmentCommand, type SegmentControl } from "./services/segment-control.ts";
// What its ports take: whoever makes a control need not know where schemas are from.
export { ValueSchemas } from "@lotty/value-schemas";
