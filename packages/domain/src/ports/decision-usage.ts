import type { Instant } from "../instant.ts";

/** How a flag was used. */
export interface FlagUsage {
  readonly flagKey: string;
  /** `null` when no decision was found. */
  readonly lastDecidedAt: Instant | null;
  /** Different values among the decisions since the instant asked about; counting may stop at 2. */
  readonly values: number;
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
}
