import type { DecisionResponse, ExplanationResponse } from "@lotty/contracts";
import type { Subject } from "@lotty/domain";

/** Where a command's decisions come from. Answers have the form that the HTTP API gives them. */
export interface DecisionSource {
  /** What is asked, for people: a database, a server or a file. */
  readonly description: string;
  /** What the decisions depend on besides their subject, so that a run can tell whether it changed; `null`: not known. */
  readonly fingerprint: string | null;
  /** Subjects that may usefully be decided at the same time. */
  readonly concurrency: number;

  /**
   * Decides flags of one subject, in the given order.
   *
   * @param record whether the decisions are recorded; else they leave no trace
   * @throws LottyError as its code says; a retryable one may go away by itself
   */
  decide(flags: readonly string[], subject: Subject, record: boolean): Promise<readonly DecisionResponse[]>;

  /** Tells gate by gate why the subject would get what it gets now. */
  explain(flag: string, subject: Subject): Promise<ExplanationResponse>;

  /** Writes what is under way and lets go of everything. */
  close(): Promise<void>;
}
