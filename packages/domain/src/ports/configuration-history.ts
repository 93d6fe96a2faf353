import type { Configuration } from "../configuration.ts";
import type { Experiment } from "../experiment.ts";
import type { Instant } from "../instant.ts";

/** A span of time, both ends included. */
export interface TimeSpan {
  readonly from: Instant;
  readonly to: Instant;
}

/** A revision, and since when it was the newest. */
export interface RevisionInForce {
  readonly revision: number;
  /** By the clock of the store; `null` for revision 0, which is before every change. */
  readonly since: Instant | null;
}

/** An experiment as a change left it. */
export interface WrittenExperiment {
  readonly experiment: Experiment;
  /** When it was written, by the clock of the store. */
  readonly at: Instant;
}

/** Reads what the configuration was at an earlier time. */
export interface ConfigurationHistory {
  /**
   * The revisions of an environment that were the newest at some moment of a span, newest first: at least one.
   *
   * @throws LottyError `database_unavailable`
   */
  inForce(environmentId: string, span: TimeSpan): Promise<readonly RevisionInForce[]>;

  /**
   * The configuration as a change left it, or `null` where not all of it was kept. Takes time in proportion to the changes
   * before it and to its size.
   *
   * @throws LottyError `database_unavailable`
   */
  at(environmentId: string, revision: number): Promise<Configuration | null>;

  /**
   * An experiment as every change left it, oldest first; nothing of one that never was.
   *
   * @throws LottyError `database_unavailable`, `schema_mismatch`
   */
  experimentWritings(environmentId: string, experimentId: string): Promise<readonly WrittenExperiment[]>;
}
