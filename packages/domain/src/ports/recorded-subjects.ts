import type { SubjectHistory } from "../assignment.ts";
import type { Instant } from "../instant.ts";
import type { Subject } from "../subject.ts";

/** A subject as it was when it was last decided for. */
export interface RecordedSubject {
  readonly subject: Subject;
  /** All that it takes part in now. */
  readonly history: SubjectHistory;
  readonly lastDecidedAt: Instant;
}

/** Which subjects are asked for. */
export interface RecordedSubjectsQuestion {
  readonly environmentId: string;
  readonly flagKey: string;
  /** Subjects that were decided for at this instant or later. */
  readonly since: Instant;
}

/** Reads the subjects that a flag was decided for, each once, with the attributes of its last decision. */
export interface RecordedSubjects {
  /**
   * Reads in pieces, in no particular order. Subjects whose attributes are not on record are left out.
   *
   * @throws LottyError `database_unavailable`, `timeout`
   */
  of(question: RecordedSubjectsQuestion): AsyncIterable<RecordedSubject>;
}
