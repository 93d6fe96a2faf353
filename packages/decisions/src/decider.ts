import type { Decision, Durability, Subject } from "@lotty/domain";
import type { Explanation } from "@lotty/engine";

/** A decision as it is answered. */
export interface AnsweredDecision extends Decision {
  readonly durability: Durability;
  /** Whether the outcome was taken from the decision cache. */
  readonly source: "computed" | "cache";
  /**
   * Present when the store of decisions was away: the decision is recorded on the disk of this process, or rests on what this
   * process last knew of the subject, or both.
   */
  readonly degraded?: true;
}

/** What is asked for one subject. */
export interface DecideRequest {
  readonly subject: Subject;
  /** Defaults to the environment that exists from the start. */
  readonly environmentId?: string;
  /** Decide without recording, counting an assignment or taking a slot. */
  readonly peek?: boolean;
}

/** Takes decisions. Subjects and flag keys are taken as they are: checking what comes from outside is the caller's part. */
export interface Decider {
  /**
   * Decides one flag.
   *
   * @throws LottyError `decision_store_unavailable` (the decision could not be recorded, so it does not count),
   * `database_unavailable` (only without a spool), `not_ready` (no configuration has been loaded yet)
   */
  decideForFlag(flag: string, request: DecideRequest): Promise<AnsweredDecision>;

  /**
   * Decides several flags of one subject, with the outcome of asking one after the other in the given order, but with
   * one look-up of the history and one write.
   */
  decideForFlags(flags: readonly string[], request: DecideRequest): Promise<readonly AnsweredDecision[]>;

  /**
   * Decides several flags of one subject without recording, as {@link Decider.decideForFlags} does with `peek`, if everything that
   * it takes is in memory; `undefined` when somebody has to be asked.
   *
   * @throws LottyError `not_ready`
   */
  peekNow(flags: readonly string[], request: DecideRequest): readonly AnsweredDecision[] | undefined;

  /** Tells gate by gate why the subject would get what it gets now. Records nothing. */
  explainForFlag(flag: string, request: DecideRequest): Promise<Explanation>;
}
