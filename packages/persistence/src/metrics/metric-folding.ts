import type { Instant } from "@lotty/domain";

/**
 * The steps of folding, each one transaction or two. Any of them may be cut off at any point, repeated, or done in another order, by several
 * processes at the same time: all of them lead to the same measures.
 */
export interface FoldSteps {
  /** Has the database look at tables that have grown much, so that it plans well. */
  refreshStatistics(): Promise<void>;
  /** Takes note of metrics that plans name since, and forgets those that none names any more. */
  noteMetrics(): Promise<void>;
  /**
   * Puts up to so many subjects that were exposed before a metric was noted on the list of those to be measured.
   *
   * @returns whether any metric waited for that
   */
  queueEarlier(limit: number): Promise<boolean>;
  /**
   * Measures up to so many subjects of the list anew. Events of theirs that are sent meanwhile put them on the list again, and wait for nothing.
   *
   * @returns how many
   */
  foldSubjects(limit: number): Promise<number>;
  /**
   * Sums up to so many days up that have changed, each a metric's of an experiment.
   *
   * @returns how many
   */
  rollUp(limit: number): Promise<number>;
  /**
   * Says up to when events are folded in.
   *
   * @param settleSeconds how long ago events were received that are surely committed; 5 when absent
   */
  advanceWatermark(settleSeconds?: number): Promise<void>;
}

/** What waits to be folded. */
export interface FoldBacklog {
  /** Age of the oldest watermark; `null` before the first. */
  readonly lagSeconds: number | null;
  /** Subjects on the list, up to a million, and those that are being measured. */
  readonly subjects: number;
  /** Days to be summed up. */
  readonly days: number;
}

/** Folds events into measures of subjects, and those into sums. */
export interface MetricFolding {
  /**
   * Runs work on a connection of its own, which has no limits of time.
   *
   * @throws LottyError `database_unavailable`, `schema_mismatch`; whatever the work throws
   */
  run<Result>(work: (steps: FoldSteps) => Promise<Result>): Promise<Result>;

  /**
   * Events received before this instant are folded in; `null` when nothing was yet.
   *
   * @throws LottyError `database_unavailable`
   */
  watermark(environmentId: string): Promise<Instant | null>;

  /** @throws LottyError `database_unavailable` */
  backlog(): Promise<FoldBacklog>;
}
