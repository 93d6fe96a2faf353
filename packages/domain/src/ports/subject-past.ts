import type { SubjectHistory } from "../assignment.ts";
import type { Instant } from "../instant.ts";

/** Whose past is asked for, and around which moment. */
export interface PastQuestion {
  readonly environmentId: string;
  readonly subjectId: string;
  /** To the millisecond. */
  readonly from: Instant;
  /** To the millisecond; not before `from`. */
  readonly to: Instant;
}

/** A decision that assigned an experiment. */
export interface PastAssignment {
  readonly decisionId: string;
  readonly experimentId: string;
  readonly variantId: string;
  readonly decidedAt: Instant;
}

/** What a subject took part in around some moment. */
export interface SubjectPastAround {
  /** As it was at the beginning of the span. */
  readonly before: SubjectHistory;
  /** What was assigned within the span, in the order of the decisions' ids. */
  readonly since: readonly PastAssignment[];
}

/** Reads what a subject took part in at an earlier time. */
export interface SubjectPast {
  /**
   * Exact as long as the log has the days in question; of days that it no longer has, the assignments tell what they know.
   *
   * @throws LottyError `database_unavailable`
   */
  around(question: PastQuestion): Promise<SubjectPastAround>;
}
