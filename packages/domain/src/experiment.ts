import type { Hundredths } from "./hundredths.ts";
import type { Instant } from "./instant.ts";
import type { JsonValue } from "./json-value.ts";

/** The states of an experiment's life, in the usual order; `rejected` ends a review for good. */
export const EXPERIMENT_STATUSES = [
  "draft",
  "in_review",
  "approved",
  "running",
  "paused",
  "completed",
  "archived",
  "rejected",
] as const;

/** One of {@link EXPERIMENT_STATUSES}. */
export type ExperimentStatus = (typeof EXPERIMENT_STATUSES)[number];

/** Whether an experiment occupies its flag and counts towards its subjects' participation limit. */
export function isActive(status: ExperimentStatus): boolean {
  return status === "running" || status === "paused";
}

/** Whether an experiment is over, so that its recent subjects are in cooldown. */
export function isConcluded(status: ExperimentStatus): boolean {
  return status === "completed" || status === "archived";
}

/** One arm of an experiment. */
export interface Variant {
  /** Lower-case UUID. */
  readonly id: string;
  /** Unique in its experiment; variants are laid out in code-point order of their names. */
  readonly name: string;
  readonly value: JsonValue;
  /** Share relative to the sum of all weights; need not add up to 100. */
  readonly weight: Hundredths;
  readonly isControl: boolean;
}

/** Version of the bucketing function. Stored with each experiment so that a new function moves nobody. */
export type HashVersion = 1;

/** An experiment as it is stored. */
export interface Experiment {
  /** Lower-case UUID; part of every hash, so it never changes. */
  readonly id: string;
  /** Human-readable name, unique in its environment. */
  readonly key: string;
  readonly flagId: string;
  readonly status: ExperimentStatus;
  /** Grows by one with every change, from 1. */
  readonly version: number;
  readonly updatedAt: Instant;
  /** Rule text; `null` or blank takes every subject. */
  readonly targetingRules: string | null;
  /** Share of matching subjects that take part: 0 to 10000 hundredths of a percent. */
  readonly trafficAllocation: Hundredths;
  /** In stored order, which decides when no variant's range takes a bucket. */
  readonly variants: readonly Variant[];
  readonly hashVersion: HashVersion;
  /** Keep the variant of an assigned subject whatever changes later, as long as the experiment runs. */
  readonly stickyAssignment: boolean;
  /**
   * Only of an experiment that is paused: those whom it would take get control's value instead of the flag's default. Absent
   * when it is not so.
   */
  readonly rolledBack?: true;
}
