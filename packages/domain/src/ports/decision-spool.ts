import type { SubjectHistory } from "../assignment.ts";
import type { DecisionRecord } from "../decision.ts";
import type { RecordSpool } from "./record-spool.ts";

/** Keeps decisions on the disk of one process while the store of decisions is away. */
export interface DecisionSpool extends RecordSpool<DecisionRecord> {
  /**
   * What a subject takes part in according to the spool: at least by the decisions that wait, and from the moment at which
   * they are handed to `append`. May name assignments that have been drained meanwhile.
   *
   * @throws LottyError `decision_store_unavailable` when the disk fails
   */
  assignmentsOf(environmentId: string, subjectId: string): SubjectHistory;
}
