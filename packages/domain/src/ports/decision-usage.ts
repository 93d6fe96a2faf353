import type { Instant } from "../instant.ts";

/** How a flag was used. */
export interface FlagUsage {
  readonly flagKey: string;
  /** `null` when no decision was found. */
  readonly lastDecidedAt: Instant | null;
  /** Different values among the decisions since the instant asked about; counting may stop at 2. */
  readonly values: number;
}

/** Whose decisions are asked about. */
export interface ExclusionsQuestion {
  readonly environmentId: string;
  readonly experimentId: string;
  /** Decisions from this instant on, to the millisecond. */
  readonly from: Instant;
  /** Decisions before this instant, to the millisecond. */
  readonly to: Instant;
}

/** How many decisions of an experiment were kept out of it by what a subject takes part in already. */
export interface Exclusions {
  /** All decisions in which the experiment was running, whatever came of them. */
  readonly decisions: number;
  readonly participationLimit: number;
  readonly domainConflict: number;
}

/** Tells how flags were used. */
export interface DecisionUsage {
  /**
   * The usage of every flag that was decided since an instant. One that was not may be missing, whatever is on record of earlier times: to
   * find its last decision could mean to read all of them.
   *
   * @throws LottyError `database_unavailable`, `timeout`
   */
  flags(environmentId: string, since: Instant): Promise<readonly FlagUsage[]>;

  /**
   * What limits and conflict domains kept out of an experiment. Takes time in proportion to all decisions of the span.
   *
   * @throws LottyError `database_unavailable`, `timeout`
   */
  exclusions(question: ExclusionsQuestion): Promise<Exclusions>;
}
