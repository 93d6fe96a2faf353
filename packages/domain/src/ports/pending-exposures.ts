import type { Instant } from "../instant.ts";

/** Which exposures are to be looked at. */
export interface PendingQuestion {
  readonly now: Instant;
  /** Exposures that were received before this instant are given up when their decision is still not there. */
  readonly giveUpBefore: Instant;
  /** Most of them, at least 1. */
  readonly limit: number;
}

/** How many exposures came how far. */
export interface PendingProgress {
  /** They count from now on. */
  readonly counted: number;
  /** They never will: their decision is of another subject, or assigned nothing. */
  readonly refused: number;
  /** Given up. */
  readonly expired: number;
  /** They wait on, and are looked at again later and later, but every ten minutes. */
  readonly waiting: number;
}

/** Looks for the decisions of exposures that came before them. */
export interface PendingExposures {
  /**
   * Looks at some exposures whose turn it is. Several processes may do so at once, each at others.
   *
   * @throws LottyError `database_unavailable`
   */
  resolve(question: PendingQuestion): Promise<PendingProgress>;

  /**
   * How many wait.
   *
   * @throws LottyError `database_unavailable`
   */
  waiting(): Promise<number>;
}
