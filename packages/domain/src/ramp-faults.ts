import { FULL_ALLOCATION } from "./hundredths.ts";
import type { RampStep } from "./ramp-plan.ts";

/** Most steps of a ramp plan. */
const MAX_RAMP_STEPS = 20;

/** Longest time that a step is held: a quarter of a year. */
const MAX_HOLD_HOURS = 24 * 92;

/** Everything that is wrong with the steps of a ramp plan, in sentences. */
export function rampFaults(steps: readonly RampStep[]): readonly string[] {
  if (steps.length === 0 || steps.length > MAX_RAMP_STEPS) return [`A plan has 1 to ${MAX_RAMP_STEPS} steps.`];
  const isGrowing = steps.every((step, index) => step.allocation > (steps[index - 1]?.allocation ?? 0));
  const isShare = steps.every(({ allocation }) => Number.isSafeInteger(allocation) && allocation <= FULL_ALLOCATION);
  const isTime = steps.every(({ holdHours }) => holdHours >= 0 && holdHours <= MAX_HOLD_HOURS);
  return [
    ...(isGrowing && isShare ? [] : ["Shares grow from step to step, up to 100.00 %: nobody who is in is moved out."]),
    ...(isTime ? [] : [`A step is held for 0 to ${MAX_HOLD_HOURS} hours.`]),
  ];
}
