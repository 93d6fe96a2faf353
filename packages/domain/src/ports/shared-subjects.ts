import type { Instant } from "../instant.ts";

/** How many subjects an experiment has. */
export interface ExperimentSubjects {
  readonly experimentId: string;
  /** Subjects with an assignment. */
  readonly assigned: number;
}

/** How many subjects two experiments have in common. */
export interface SharedSubjectsCount {
  /** Two ids, the smaller one first. */
  readonly experimentIds: readonly [string, string];
  readonly subjects: number;
}

/** How many subjects one member of a domain kept another from having. */
export interface DomainLoss {
  readonly domainId: string;
  /** The member that the subjects were refused. */
  readonly loserId: string;
  /** The member that has or would have them. */
  readonly winnerId: string;
  readonly subjects: number;
}

/** Counts subjects over experiments. */
export interface SharedSubjects {
  /**
   * Counts over some experiments: subjects of each, of each pair that has any, and losses in the domains that they are
   * in, by decisions from an instant on.
   *
   * @throws LottyError `database_unavailable`, `timeout`
   */
  count(question: {
    readonly environmentId: string;
    readonly experimentIds: readonly string[];
    readonly since: Instant;
  }): Promise<{
    readonly experiments: readonly ExperimentSubjects[];
    readonly pairs: readonly SharedSubjectsCount[];
    readonly losses: readonly DomainLoss[];
  }>;
}
