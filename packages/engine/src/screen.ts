import type { Subject } from "@lotty/domain";
import type { CompiledExperiment } from "./compile-experiment.ts";
import { applyFlagRules } from "./flag-rules.ts";
import { targetingMiss } from "./gates/targeting.ts";
import { FLAG_NOT_FOUND, type Outcome } from "./outcome.ts";
import { givesControl } from "./rolled-back.ts";
import type { Snapshot } from "./snapshot.ts";

/** An experiment that wants a subject, unless a later gate says no. Those gates need the subject's history. */
export interface Candidate {
  readonly settled: false;
  readonly compiled: CompiledExperiment;
  /**
   * Set when the rule does not take the subject, so that only an assignment that must be kept could still matter. The flag's
   * rules have not been asked yet.
   */
  readonly unlessKept: Outcome | null;
}

/**
 * Gates 1 to 3: flag, running experiment, targeting, and for those who fail them the rules of the flag. A rolled-back experiment
 * goes before the rules. Needs no history, so most subjects are settled here without reading anything.
 *
 * @throws LottyError `subject_not_encodable` where the rollout of a flag's rule or of a rolled-back experiment has to be drawn
 */
export function screen(snapshot: Snapshot, flagKey: string, subject: Subject): Outcome | Candidate {
  const flag = snapshot.flags.get(flagKey);
  if (flag === undefined) return FLAG_NOT_FOUND;
  const compiled = flag.running;
  if (compiled === null) {
    if (flag.rolledBack !== null && givesControl(flag.rolledBack, subject)) return flag.rolledBack.outcome;
    return applyFlagRules(flag.rules, flag.withoutExperiment, subject);
  }
  const miss = targetingMiss(compiled, subject.attributes);
  if (miss !== null && !compiled.experiment.stickyAssignment) return applyFlagRules(flag.rules, miss, subject);
  return { settled: false, compiled, unlessKept: miss };
}
