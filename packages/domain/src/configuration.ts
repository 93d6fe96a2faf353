import type { ConflictDomain } from "./conflict-domain.ts";
import type { Experiment } from "./experiment.ts";
import type { Flag } from "./flag.ts";
import type { Segment } from "./segment.ts";

/** Everything that decisions of one environment depend on, as stored, at one revision. */
export interface Configuration {
  readonly environmentId: string;
  /** Grows with every change of the environment's configuration; 0 when nothing was ever stored. */
  readonly revision: number;
  readonly flags: readonly Flag[];
  /** Experiments of every status: concluded ones still matter to the cooldown of their subjects. */
  readonly experiments: readonly Experiment[];
  readonly domains: readonly ConflictDomain[];
  readonly segments: readonly Segment[];
}

/** Id of the environment that exists from the start and is used when none is named. */
export const DEFAULT_ENVIRONMENT_ID = "00000000-0000-7000-8000-000000000001";

/** Key of the environment that exists from the start. */
export const DEFAULT_ENVIRONMENT_KEY = "production";
