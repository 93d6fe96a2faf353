import type {
  AnalysisPlans,
  ControlPlaneStore,
  DecisionUsage,
  EnvironmentStore,
  LaunchCertificates,
  Learnings,
  GuardrailStore,
  NotificationReads,
  MetricCatalogue,
  RecordedSubjects,
  SharedSubjects,
} from "@lotty/domain";

/** What people change flags and experiments with. */
export interface ControlStorage {
  readonly store: ControlPlaneStore;
  readonly plans: AnalysisPlans;
  readonly metrics: MetricCatalogue;
  readonly environments: EnvironmentStore;
  readonly guardrails: GuardrailStore;
  readonly subjects: RecordedSubjects;
  readonly sharedSubjects: SharedSubjects;
  readonly usage: DecisionUsage;
  readonly notifications: NotificationReads;
  readonly learnings: Learnings;
  readonly certificates: LaunchCertificates;
}
