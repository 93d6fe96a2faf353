import type {
  AnalysisPlans,
  ControlPlaneStore,
  DecisionUsage,
  NotificationReads,
  RecordedSubjects,
  SharedSubjects,
} from "@lotty/domain";

/** What people change flags and experiments with. */
export interface ControlStorage {
  readonly store: ControlPlaneStore;
  readonly plans: AnalysisPlans;
  readonly subjects: RecordedSubjects;
  readonly sharedSubjects: SharedSubjects;
  readonly usage: DecisionUsage;
  readonly notifications: NotificationReads;
}
