import {
  formatHundredths,
  isActive,
  LottyError,
  type Experiment,
  type Instant,
  type JsonValue,
  type RampPlan,
} from "@lotty/domain";
import type { ExperimentDefinition } from "../definitions.ts";
import { sameJson } from "../difference.ts";
import { describeRamp } from "./describe-measures.ts";
import type { RampDefinition } from "./measured-definitions.ts";

/** An experiment as it is stored, with its ramp plan. */
export interface StoredRamp {
  readonly experiment: Experiment | undefined;
  readonly ramp: RampPlan | undefined;
}

/**
 * Fills in what a file leaves to the ramp plan of an experiment: the plan itself, which is kept where the file says nothing of it, and the
 * traffic, which of one that has started is as far as the plan has come.
 *
 * @throws LottyError `invalid_definition` when the file has other steps than an experiment that has started
 */
export function resolveRamp(
  wanted: ExperimentDefinition,
  { experiment, ramp }: StoredRamp,
  prune: boolean,
): ExperimentDefinition {
  const stored = ramp === undefined ? null : describeRamp(ramp);
  const started = experiment !== undefined && (isActive(experiment.status) || experiment.status === "completed");
  if (started && wanted.ramp !== null && !sameSteps(wanted.ramp, stored)) refuseSteps(wanted.key);
  const plan = wanted.ramp ?? (prune ? null : stored);
  if (!wanted.rampsTraffic || plan === null) return { ...wanted, ramp: plan };
  const traffic = started ? experiment.trafficAllocation : (plan.steps[0]?.allocation ?? wanted.traffic);
  return { ...wanted, traffic, ramp: plan };
}

/** A ramp plan as it is compared; `null` for none. */
export function rampField(ramp: RampDefinition | null): JsonValue {
  if (ramp === null) return null;
  const steps = ramp.steps.map(({ allocation, holdHours }) => ({
    traffic: formatHundredths(allocation),
    hold_hours: holdHours,
  }));
  return { steps, held: ramp.held };
}

/** The ramp plan to store; `undefined` when it is stored already, or there is none. */
export function buildRamp(
  ramp: RampDefinition | null,
  {
    experimentId,
    now,
    stored,
  }: { readonly experimentId: string; readonly now: Instant; readonly stored: RampPlan | undefined },
): RampPlan | undefined {
  if (ramp === null || (stored !== undefined && sameJson(rampField(ramp), rampField(describeRamp(stored)))))
    return undefined;
  const isReleased = stored?.held === true && !ramp.held;
  // A step has to be held for its time again after people have looked into something.
  const since = isReleased ? now : (stored?.since ?? null);
  return {
    experimentId,
    steps: ramp.steps,
    held: ramp.held,
    since,
    version: (stored?.version ?? 0) + 1,
    updatedAt: now,
  };
}

function sameSteps(one: RampDefinition, other: RampDefinition | null): boolean {
  return other !== null && sameJson(rampField({ ...one, held: false }), rampField({ ...other, held: false }));
}

function refuseSteps(experiment: string): never {
  throw new LottyError(
    "invalid_definition",
    `the ramp plan of \`${experiment}\` cannot change: it has started, and reviewers have approved all of its steps`,
    { details: { experiment, advice: "State `ramp` as it is stored (`lotty export`), or leave it out." } },
  );
}
