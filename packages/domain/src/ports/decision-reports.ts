import type { Instant } from "../instant.ts";
import type { DecisionReason } from "../reason.ts";

/** Which recorded decisions are asked about. */
export interface SpreadQuestion {
  readonly environmentId: string;
  readonly flagKey: string;
  /** The experiment on the flag whose variants are counted. */
  readonly experimentId: string;
  /** Decisions from this instant on, to the millisecond. */
  readonly from: Instant;
  /** Decisions before this instant, to the millisecond. */
  readonly to: Instant;
}

/** How often a variant was decided for. */
export interface VariantCount {
  readonly variantId: string;
  /** Subjects that were given the variant at least once. */
  readonly subjects: number;
  readonly decisions: number;
}

/** How the decisions of a flag spread within a span of time. */
export interface DecisionSpread {
  /** Variants of the experiment that were decided for, in the order of their ids. */
  readonly variants: readonly VariantCount[];
  /** Subjects that were given more than one variant; each counts for all of them. */
  readonly subjectsInSeveralVariants: number;
  /** Oldest and newest version of the experiment that assigned somebody; `null` when none did. */
  readonly versions: { readonly oldest: number; readonly newest: number } | null;
  /** All decisions of the flag by reason, those of other experiments too; reasons that did not occur are absent. */
  readonly reasons: Readonly<Partial<Record<DecisionReason, number>>>;
  /** The standby that was read; `null` when it was the database that is written to. */
  readonly standby: StandbyState | null;
}

/** How current a standby is, as far as it can know by itself. */
export interface StandbyState {
  /**
   * Microseconds since the newest transaction that it has; 0 when it is connected and has everything that it was sent,
   * `null` when it has had none since its start.
   */
  readonly behindMicros: number | null;
}

/** Counts recorded decisions. */
export interface DecisionReports {
  /**
   * Counts the decisions of a flag, and those of an experiment on it by variant. All counts are of one moment. Takes time in
   * proportion to all decisions that were recorded in the span.
   *
   * @throws LottyError `timeout` when it takes longer than a report may; `database_unavailable`, also when a standby gave
   * the report up to keep in step; `schema_mismatch`
   */
  spread(question: SpreadQuestion): Promise<DecisionSpread>;
}
