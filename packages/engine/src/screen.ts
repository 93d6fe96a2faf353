import type { JsonObject } from "@lotty/domain";
import type { CompiledExperiment } from "./compile-experiment.ts";
import { targetingMiss } from "./gates/targeting.ts";
import { FLAG_NOT_FOUND, type Outcome } from "./outcome.ts";
import type { Snapshot } from "./snapshot.ts";

/** An experiment that wants a subject, unless a later gate says no. Those gates need the subject's history. */
export interface Candidate {
  readonly settled: false;
  readonly compiled: CompiledExperiment;
  /** Set when the rule does not take the subject, so that only an assignment that must be kept could still matter. */
  readonly unlessKept: Outcome | null;
}

/**
 * Gates 1 to 3: flag, running experiment, targeting. Needs no history, so most subjects are settled here without
 * reading anything.
 */
export function screen(snapshot: Snapshot, flagKey: string, attributes: JsonObject): Outcome | Candidate {
  const flag = snapshot.flags.get(flagKey);
  if (flag === undefined) return FLAG_NOT_FOUND;
  const compiled = flag.running;
  if (compiled === null) return flag.withoutExperiment;
  const miss = targetingMiss(compiled, attributes);
  if (miss !== null && !compiled.experiment.stickyAssignment) return miss;
  return { settled: false, compiled, unlessKept: miss };
}
