import type { Hundredths } from "./hundredths.ts";
import type { Instant } from "./instant.ts";

/** A share of subjects and how long it is kept. */
export interface RampStep {
  /** 1 to 10000 hundredths of a percent; more than that of the step before. */
  readonly allocation: Hundredths;
  /** Hours from 0 after which the next step may be taken, if all guardrails are green then. Of no meaning in the last step. */
  readonly holdHours: number;
}

/** How the traffic of an experiment grows. It never shrinks by a plan, so nobody who is in is moved out. */
export interface RampPlan {
  readonly experimentId: string;
  /** At least one. */
  readonly steps: readonly RampStep[];
  /** Whether people have stopped it for the time being. */
  readonly held: boolean;
  /** When the step in force was taken by the plan; `null` before it has taken any. */
  readonly since: Instant | null;
  /** Grows by one with every change, from 1. */
  readonly version: number;
  readonly updatedAt: Instant;
}
