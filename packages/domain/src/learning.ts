import type { ExperimentOutcome } from "./experiment-details.ts";
import type { Instant } from "./instant.ts";

/** What an experiment did to one of its planned metrics. */
export interface LearnedEffect {
  readonly metricId: string;
  readonly metricKey: string;
  /** Name of the variant that was compared with control. */
  readonly variant: string;
  /** Whether it was a primary metric of the plan. */
  readonly isPrimary: boolean;
  readonly higherIsBetter: boolean;
  /** Relative difference from control, such as 0.02. */
  readonly lift: number;
  /** Standard error of the lift, above 0. */
  readonly se: number;
  /** Bounds of the lift at the plan's level; `null` where there is none. */
  readonly low: number | null;
  readonly high: number | null;
}

/** What was learned from an experiment. Made with its completion, and kept whatever becomes of it. */
export interface Learning {
  /** UUIDv7. */
  readonly id: string;
  readonly experimentId: string;
  readonly experimentKey: string;
  readonly flagKey: string;
  readonly hypothesis: string | null;
  readonly owner: string | null;
  readonly outcome: ExperimentOutcome["kind"];
  /** Name of the variant that was rolled out; `null` for every other outcome. */
  readonly winner: string | null;
  /** What was said at the completion. Never changes. */
  readonly comment: string;
  /** What people have added since; `null` for nothing. */
  readonly notes: string | null;
  /** At first those of the flag. */
  readonly tags: readonly string[];
  readonly startedAt: Instant | null;
  readonly completedAt: Instant;
  /** Empty until results are there. */
  readonly effects: readonly LearnedEffect[];
  /** Grows by one with every change, from 1. */
  readonly version: number;
  readonly updatedAt: Instant;
}
