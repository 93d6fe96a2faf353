import type { Subject } from "@lotty/domain";
import { notEncodable } from "./bucket.ts";
import type { CompiledExperiment } from "./compile-experiment.ts";
import { isAllocated } from "./gates/allocation.ts";
import { targetingMiss } from "./gates/targeting.ts";
import { defaultOutcome, type Outcome } from "./outcome.ts";

/** A rolled-back experiment made ready to give its control's value. */
export interface RolledBack {
  readonly compiled: CompiledExperiment;
  /** What those get whom the experiment would take. */
  readonly outcome: Outcome;
}

/** Prepares a rolled-back experiment; `null` for every other one, and for one without a control, which then is merely paused. */
export function compileRolledBack(compiled: CompiledExperiment): RolledBack | null {
  const { experiment, flag } = compiled;
  if (experiment.status !== "paused" || experiment.rolledBack !== true || !flag.enabled) return null;
  const control = experiment.variants.find(({ isControl }) => isControl);
  if (control === undefined) return null;
  const outcome = defaultOutcome(flag, "no_active_experiment");
  return { compiled, outcome: Object.freeze({ ...outcome, value: control.value, rolledBack: experiment }) };
}

/**
 * Whether a subject gets control's value: whom the rule and the allocation take. Limits and conflict domains are not asked, so
 * that no history is needed: what stops harm has to work while the database is away.
 *
 * @throws LottyError `subject_not_encodable` where the allocation has to be drawn
 */
export function givesControl({ compiled }: RolledBack, subject: Subject): boolean {
  if (targetingMiss(compiled, subject.attributes) !== null) return false;
  const isDrawn = !compiled.takesEveryBucket && compiled.experiment.trafficAllocation > 0;
  if (isDrawn && !subject.id.isWellFormed()) throw notEncodable();
  return isAllocated(compiled, subject.id);
}
