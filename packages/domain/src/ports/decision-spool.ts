import type { SubjectHistory } from "../assignment.ts";
import type { DecisionRecord } from "../decision.ts";
import type { Instant } from "../instant.ts";

/** A decision that the store will never take. */
export interface RefusedDecision {
  readonly decisionId: string;
  /** Why, for people. */
  readonly reason: string;
}

/**
 * Writes a batch to where it belongs. Tells which decisions of it can never be written; rejects when none of it may count
 * as written.
 */
export type SpoolWriter = (batch: readonly DecisionRecord[]) => Promise<readonly RefusedDecision[]>;

/** How full a spool is. */
export interface SpoolSize {
  /** Decisions that wait to be drained, those included that are not on disk yet. */
  readonly rows: number;
  /** About how many bytes they take. */
  readonly bytes: number;
  /** When the decision that waits longest was taken; `null` when none waits. */
  readonly oldest: Instant | null;
  /** Decisions that were refused when they were drained, and are kept for people to look at. */
  readonly setAside: number;
}

/** Keeps decisions on the disk of one process while the store of decisions is away. */
export interface DecisionSpool {
  /**
   * Adds decisions at the end, all or none. After it resolves they survive the end of the process and a loss of power.
   *
   * @throws LottyError `decision_store_unavailable` when the spool is full, closed, or its disk fails
   */
  append(decisions: readonly DecisionRecord[]): Promise<void>;

  /**
   * What a subject takes part in according to the spool: at least by the decisions that wait, and from the moment at which
   * they are handed to `append`. May name assignments that have been drained meanwhile.
   *
   * @throws LottyError `decision_store_unavailable` when the disk fails
   */
  assignmentsOf(environmentId: string, subjectId: string): SubjectHistory;

  /**
   * Hands the oldest decisions to `write`, in the order in which they were added, and removes them after it has resolved:
   * an end in between hands them out again. Refused ones are set aside, and tried again by the next process that opens the
   * spool. One call at a time.
   *
   * @returns how many decisions wait no longer; 0 when none waited
   * @throws what `write` rejects with, and then removes nothing; LottyError `decision_store_unavailable` when the disk fails
   */
  drain(write: SpoolWriter): Promise<number>;

  /**
   * Takes over what processes that are gone have left behind.
   *
   * @returns how many decisions more wait now
   */
  takeOver(): number;

  /** How full it is. */
  size(): SpoolSize;

  /** Puts on disk what was added, then takes no more. What waits is left for the next process. Calling it twice does no harm. */
  close(): Promise<void>;
}
