import type { DecisionRecord } from "../decision.ts";
import type { Instant } from "../instant.ts";

/** Which recorded decisions are asked for. What is absent narrows nothing. */
export interface DecisionQuestion {
  readonly environmentId: string;
  readonly subjectId?: string;
  readonly experimentId?: string;
  readonly flagKey?: string;
  /** Decisions from this instant on, to the millisecond. */
  readonly from: Instant;
  /** Decisions before this instant, to the millisecond. */
  readonly to: Instant;
  /** Only decisions with smaller ids: the {@link DecisionPage.next} of the page before. */
  readonly before?: string;
  /** Most decisions of the page, at least 1. */
  readonly limit: number;
}

/** Some decisions, newest first: by their ids, which carry the time. */
export interface DecisionPage {
  /** May be fewer than were asked for, even none, without being the last: one page looks at a bounded part of the log. */
  readonly decisions: readonly DecisionRecord[];
  /** Where the next page goes on; `null` after the last. */
  readonly next: string | null;
}

/** Reads the log of decisions. */
export interface DecisionLog {
  /**
   * One decision, or `null` when there is none of that id in the environment. Looks at one partition.
   *
   * @param decisionId a UUID
   * @throws LottyError `database_unavailable`
   */
  find(environmentId: string, decisionId: string): Promise<DecisionRecord | null>;

  /**
   * A page of decisions. With a subject it takes time in proportion to the subject's decisions on the page and to the days of the
   * span; else to the part of the log that it looks at, which is bounded.
   *
   * @throws LottyError `database_unavailable`
   */
  list(question: DecisionQuestion): Promise<DecisionPage>;
}
