import type { SubjectHistory } from "../assignment.ts";
import type { DecisionRecord } from "../decision.ts";

/** Decisions of one subject that stand or fall together. */
export interface RecordRequest {
  readonly environmentId: string;
  readonly subjectId: string;
  readonly decisions: readonly DecisionRecord[];
  /**
   * The history that the decisions rest on. When a first assignment is among them and the subject takes part in anything else
   * by the time of writing, nothing is written; nor when an assignment that is repeated has another variant by then. `null` when
   * the decisions rest on no history; then an assignment that does not exist yet is refused as well.
   */
  readonly basedOn: SubjectHistory | null;
}

/** What became of a record request. */
export type RecordOutcome =
  | { readonly status: "committed" }
  /** The store is away; the decisions are safe on disk and will be written when it is back. */
  | { readonly status: "spooled" }
  /**
   * Nothing was written: the subject's history is another one, this one. Decide again on it. `degraded`: it is what is
   * known while the store is away, and may lack something.
   */
  | { readonly status: "history_changed"; readonly history: SubjectHistory; readonly degraded?: true };

/** Writes decisions durably. */
export interface DecisionRecorder {
  /**
   * Writes decisions, and creates or updates the assignments among them, in one transaction. Idempotent by decision id.
   * Parallel calls for one subject are serialised where an assignment is first written, across processes.
   *
   * @throws LottyError `decision_store_unavailable`, `decision_rejected`
   */
  record(request: RecordRequest): Promise<RecordOutcome>;
}

/** Writes decisions that were answered before, in bulk, without checking them against history. */
export interface DecisionSink {
  /**
   * Writes all or nothing; rows whose id exists already are left as they are.
   *
   * @throws LottyError `decision_store_unavailable` (try again), `decision_rejected` (some row can never be written)
   */
  write(decisions: readonly DecisionRecord[]): Promise<void>;
}
