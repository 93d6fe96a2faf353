import type { Actor, DecisionPage, DecisionQuestion, DecisionRecord, Erasure, JsonObject } from "@lotty/domain";
import type { Standing } from "@lotty/engine";
import type { Replay } from "../replay/replay.ts";
import type { SubjectRef } from "../subject-ref.ts";

/** All that is known of one subject. */
export interface SubjectPage {
  readonly subjectId: string;
  readonly standing: Standing;
  /** Of the days that were asked for, newest first. */
  readonly lastDecisions: readonly DecisionRecord[];
  /** When it was erased before, newest first. */
  readonly erasures: readonly Erasure[];
}

/** How much of the log a subject's page shows. */
export interface SubjectPageLimits {
  readonly days: number;
  readonly decisions: number;
}

/** The decisions on record: looks at them, takes them again, and erases whom they are about. */
export interface DecisionRecords {
  /**
   * One decision, or `null` when there is none of that id.
   *
   * @param decisionId a UUID, in lower case
   * @throws LottyError `database_unavailable`
   */
  find(environmentId: string, decisionId: string): Promise<DecisionRecord | null>;

  /**
   * A page of decisions, newest first.
   *
   * @throws LottyError `database_unavailable`
   */
  list(question: DecisionQuestion): Promise<DecisionPage>;

  /**
   * What a subject takes part in, what keeps it out of other experiments, and its last decisions.
   *
   * @throws LottyError `database_unavailable`, `not_ready`
   */
  subject(subject: SubjectRef, limits: SubjectPageLimits): Promise<SubjectPage>;

  /**
   * Takes a decision again as of its time, and compares.
   *
   * @param attributes those that it was asked with; `null` when they are not known
   * @throws LottyError `invalid_request` when the record shows that these are not the attributes, `database_unavailable`
   */
  replay(decision: DecisionRecord, attributes: JsonObject | null): Promise<Replay>;

  /**
   * Erases a subject from the store and from what this process and its shared cache remember. May be repeated, and has to be
   * when it fails half way. It is on record that it happened, and not whom it was about.
   *
   * @param actor who wants it
   * @throws LottyError `decision_store_unavailable` while decisions of this process wait on its disk, `database_unavailable`,
   * `cache_unavailable`
   */
  erase(subject: SubjectRef, actor: Actor): Promise<Erasure>;
}
