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
