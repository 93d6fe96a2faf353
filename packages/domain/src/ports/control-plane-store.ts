import type { AnalysisPlan, PlanDeviation } from "../analysis-plan.ts";
import type { Announcement } from "../announcement.ts";
import type { AuditEntry, AuditHead, AuditLink } from "../audit-entry.ts";
import type { EventType } from "../event-type.ts";
import type { ExperimentDetails } from "../experiment-details.ts";
import type { Flag } from "../flag.ts";
import type { FlagDetails } from "../flag-details.ts";
import type { LaunchCertificate } from "../launch-certificate.ts";
import type { Learning } from "../learning.ts";
import type { ApproverGroup, Review } from "../review.ts";
import type { Metric } from "../metric.ts";
import type { ConfigurationChange, ConfigurationSource } from "./configuration-store.ts";
import type { EventTypeSource } from "./event-type-source.ts";
import type { GuardrailChange } from "./guardrail-store.ts";
import type { NotificationChange } from "./notification-store.ts";

/** Everything that one command changes, to be written in one step. Records are written as given. */
export interface ControlChange {
  /** What decisions depend on. The details and reviews of flags and experiments that it removes go with them. */
  readonly configuration?: ConfigurationChange;
  /** Of flags that {@link ControlChange.configuration} puts. A flag of which something is said has a new version everywhere. */
  readonly putFlagDetails?: readonly FlagDetails[];
  readonly putExperimentDetails?: readonly ExperimentDetails[];
  /** New reviews, and known ones that are withdrawn. */
  readonly putReviews?: readonly Review[];
  readonly putApproverGroups?: readonly ApproverGroup[];
  readonly removeApproverGroupIds?: readonly string[];
  readonly putEventTypes?: readonly EventType[];
  /** Plans as they are from now on; each version is kept, too. They go with their experiments. */
  readonly putAnalysisPlans?: readonly AnalysisPlan[];
  /** To be kept besides those that there are. */
  readonly addPlanDeviations?: readonly PlanDeviation[];
  /** They go with their experiments. */
  readonly putCertificates?: readonly LaunchCertificate[];
  /** New learnings, and known ones as they are from now on. They stay when their experiments go. */
  readonly putLearnings?: readonly Learning[];
  readonly guardrails?: GuardrailChange;
  readonly notifications?: NotificationChange;
  /** What to tell people, once the change is true; the queue of notifications takes it from here. */
  readonly announcements?: readonly Announcement[];
  /** New metrics, and next versions of known ones; every version stays. Their keys are unique in the environment. */
  readonly putMetrics?: readonly Metric[];
  /**
   * Revisions of other environments that the change was worked out from; anything else in the store refuses the change.
   */
  readonly alsoFrom?: ReadonlyMap<string, number>;
  /** Makes the entries that record the change; at least one. */
  readonly audit: AuditLink;
}

/**
 * Keeps the configuration with all that people say about it. Reads may each be of another moment: a change that was worked out
 * from them is refused when anything was committed since the configuration was loaded, if it was loaded first.
 */
export interface ControlPlaneStore extends Pick<ConfigurationSource, "load">, EventTypeSource {
  /** What is said about a flag; `undefined` when nothing ever was. */
  flagDetails(flagId: string): Promise<FlagDetails | undefined>;

  /** What is said about all flags of which something ever was, in no particular order. */
  allFlagDetails(): Promise<readonly FlagDetails[]>;

  /** A flag as it was at a version; `undefined` when it never had it. */
  flagVersion(environmentId: string, flagId: string, version: number): Promise<Flag | undefined>;

  /** What is said about an experiment; `undefined` when nothing ever was. */
  experimentDetails(environmentId: string, experimentId: string): Promise<ExperimentDetails | undefined>;

  /** What is said about all experiments, in no particular order. */
  allExperimentDetails(environmentId: string): Promise<readonly ExperimentDetails[]>;

  /** All reviews of an experiment, oldest first. */
  reviews(environmentId: string, experimentId: string): Promise<readonly Review[]>;

  /** All approver groups, in the order of their names. */
  approverGroups(environmentId: string): Promise<readonly ApproverGroup[]>;

  /** The end of the installation's chain of changes. */
  auditHead(): Promise<AuditHead>;

  /** Up to `count` entries of the chain after a place in it, in their order. */
  auditEntries(afterSequence: number, count: number): Promise<readonly AuditEntry[]>;

  /**
   * Writes a change in one transaction: all of it or nothing, in other environments as `ConfigurationWriter.apply` tells. The revision grows by one, also when no decision depends on
   * what was changed. The entries are linked to the end of the chain inside of the transaction, in which nobody else can
   * append to it.
   *
   * @param expectedRevision the revision the change was made from; anything else in the store refuses the change
   * @returns the new revision
   * @throws LottyError `revision_conflict`, `database_rejected`, `database_unavailable`; `internal` when the link makes no entry; whatever the
   * link throws
   */
  commit(environmentId: string, change: ControlChange, expectedRevision: number): Promise<number>;
}
