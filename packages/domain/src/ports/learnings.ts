import type { Instant } from "../instant.ts";
import type { Learning } from "../learning.ts";

/** Which learnings are asked for. */
export interface LearningQuestion {
  readonly environmentId: string;
  /** Words as people type them into a search: all have to be there, `"in quotes"` beside each other, `-without`, `or`. */
  readonly text?: string;
  readonly tag?: string;
  readonly outcome?: Learning["outcome"];
  /** Completed at this instant or later. */
  readonly from?: Instant;
  /** Completed before this instant. */
  readonly to?: Instant;
  /** From 1. */
  readonly limit: number;
  /** How many to pass over. */
  readonly offset: number;
}

/** Looks up what was learned. Changes are commits of the control plane. Methods throw LottyError `database_unavailable`. */
export interface Learnings {
  /** A learning; `undefined` when there is none of that id. */
  find(environmentId: string, learningId: string): Promise<Learning | undefined>;

  /** Learnings that fit: with a text the best first, otherwise the newest. */
  search(question: LearningQuestion): Promise<readonly Learning[]>;

  /** Learnings of all environments whose experiments were completed at an instant or later, oldest first. */
  completedSince(from: Instant): Promise<readonly { readonly environmentId: string; readonly learning: Learning }[]>;

  /** Learnings that have most to do with one, by the words in them, the nearest first; none when it is not there. */
  similar(environmentId: string, learningId: string, limit: number): Promise<readonly Learning[]>;
}
