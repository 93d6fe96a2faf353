import type { GuardrailEvaluation, Hundredths, Instant, RampPlan } from "@lotty/domain";

/** What a ramp is worked out from. */
export interface RampQuestion {
  readonly plan: RampPlan;
  /** The share in force. */
  readonly allocation: Hundredths;
  /** When the experiment was started, or last went on. */
  readonly runningSince: Instant;
  /** What each guardrail of the experiment saw last; `undefined` for one that has not been evaluated. */
  readonly evaluations: readonly (GuardrailEvaluation | undefined)[];
  readonly now: Instant;
}

/** What a plan does next. */
export type RampMove =
  | { readonly kind: "step"; readonly allocation: Hundredths; readonly isLast: boolean }
  /** Until when, if only time is missing. */
  | { readonly kind: "wait"; readonly for: "hold" | "guardrails" | "people"; readonly until: Instant | null }
  | { readonly kind: "finished" };

const MICROS_PER_HOUR = 3_600_000_000;

/** How old the last look of a guardrail may be for a step to rest on it. */
const FRESH_MICROS = MICROS_PER_HOUR;

/**
 * What a ramp plan does next. A step is taken once the one in force has been held for its time and every guardrail was green at a look
 * since then; without guardrails the time alone counts. Shares only grow: steps at or below the share in force are passed over.
 */
export function nextRampMove({ allocation, evaluations, now, plan, runningSince }: RampQuestion): RampMove {
  const next = plan.steps.find((step) => step.allocation > allocation);
  if (next === undefined) return { kind: "finished" };
  if (plan.held) return { kind: "wait", for: "people", until: null };
  const inForce = plan.steps.findLast((step) => step.allocation <= allocation);
  const until = Math.max(runningSince, plan.since ?? 0) + (inForce?.holdHours ?? 0) * MICROS_PER_HOUR;
  if (now < until) return { kind: "wait", for: "hold", until };
  const earliest = Math.max(until, now - FRESH_MICROS);
  const areGreen = evaluations.every((each) => each?.state === "green" && each.at >= earliest);
  if (!areGreen) return { kind: "wait", for: "guardrails", until: null };
  return { kind: "step", allocation: next.allocation, isLast: next === plan.steps.at(-1) };
}
