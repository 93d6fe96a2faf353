import type { Configuration } from "../configuration.ts";
import type { ConflictDomain } from "../conflict-domain.ts";
import type { Experiment } from "../experiment.ts";
import type { Flag } from "../flag.ts";
import type { Segment } from "../segment.ts";

/** Reads what decisions depend on. */
export interface ConfigurationSource {
  /**
   * Reads the whole configuration of one environment as of one moment.
   *
   * @throws LottyError `database_unavailable`
   */
  load(environmentId: string): Promise<Configuration>;

  /**
   * The current revision of an environment: one cheap read.
   *
   * @throws LottyError `database_unavailable`
   */
  revision(environmentId: string): Promise<number>;
}

/** Things to write and to take away, in one step. Records are written as given, version and time included. */
export interface ConfigurationChange {
  readonly putFlags?: readonly Flag[];
  /** Experiments with all their variants, in stored order. */
  readonly putExperiments?: readonly Experiment[];
  /** Domains with all their members. */
  readonly putDomains?: readonly ConflictDomain[];
  /** Segments whose rules name each other in no circle: see `findSegmentCycle`. */
  readonly putSegments?: readonly Segment[];
  readonly removeFlagIds?: readonly string[];
  readonly removeExperimentIds?: readonly string[];
  readonly removeDomainIds?: readonly string[];
  readonly removeSegmentIds?: readonly string[];
}

/** Writes what decisions depend on. */
export interface ConfigurationWriter {
  /**
   * Applies a change in one transaction, keeps every version of a flag, experiment and segment as it was, appends to the change log and
   * wakes up the processes that follow it.
   *
   * Flags exist in all environments: those that are new, renamed, of another type or removed are so everywhere, by the same
   * transaction and as a new revision of each environment that this changes (see `flagElsewhere`).
   *
   * @param expectedRevision the revision the change was made from; anything else in the store refuses the change
   * @returns the new revision
   * @throws LottyError `revision_conflict`, `database_rejected`, `database_unavailable`; `invalid_definition` when a flag has
   * values of another type in another environment
   */
  apply(environmentId: string, change: ConfigurationChange, expectedRevision: number): Promise<number>;
}
