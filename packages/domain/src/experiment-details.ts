import type { Experiment } from "./experiment.ts";
import type { Instant } from "./instant.ts";

/** How an experiment can end. */
export const EXPERIMENT_OUTCOMES = ["rollout_winner", "rollback", "no_effect"] as const;

/** What was learned and done when an experiment was completed. */
export interface ExperimentOutcome {
  readonly kind: (typeof EXPERIMENT_OUTCOMES)[number];
  /** The variant whose value the flag gives from then on; `null` for every other outcome than `rollout_winner`. */
  readonly variantId: string | null;
  readonly comment: string;
}

/** The part of an experiment that says who gets what. */
export type ExperimentContent = Pick<
  Experiment,
  "flagId" | "targetingRules" | "trafficAllocation" | "variants" | "stickyAssignment"
>;

/** A change of an active experiment that waits for its approvals. */
export interface ExperimentProposal {
  readonly content: ExperimentContent;
  /** Id of the actor who wrote it. */
  readonly proposedBy: string;
  readonly proposedAt: Instant;
}

/** What people say and decide about an experiment and no decision depends on. The experiment's version counts for both. */
export interface ExperimentDetails {
  readonly experimentId: string;
  readonly hypothesis: string | null;
  /** A person or a team. */
  readonly owner: string | null;
  /** Whole days, from 1. */
  readonly plannedDays: number | null;
  readonly description: string | null;
  /** Ids of all actors who wrote what the experiment says about who gets what, in the order of their first change. */
  readonly authors: readonly string[];
  /** Id of the actor who submitted it last. */
  readonly submittedBy: string | null;
  /** The experiment's version at which what is to be reviewed last changed. Reviews of an earlier version are void. */
  readonly contentVersion: number;
  /** Only while the experiment is active. */
  readonly proposal: ExperimentProposal | null;
  readonly startedAt: Instant | null;
  readonly completedAt: Instant | null;
  readonly outcome: ExperimentOutcome | null;
}
