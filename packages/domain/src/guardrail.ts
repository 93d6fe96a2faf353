import type { POPULATIONS } from "./analysis-plan.ts";
import type { Instant } from "./instant.ts";

/** What a guardrail does when it fires: only tell people, pause the experiment, or roll it back to its control. */
export const GUARDRAIL_ACTIONS = ["notify", "pause", "rollback"] as const;

/** One of {@link GUARDRAIL_ACTIONS}. */
export type GuardrailAction = (typeof GUARDRAIL_ACTIONS)[number];

/** What a margin is measured in: shares of control's mean, or units of the metric. */
export const MARGIN_KINDS = ["relative", "absolute"] as const;

/** When a guardrail is to act, and how. */
export interface GuardrailRule {
  /** Largest harm that is accepted, from 0. What is harm, the metric's direction says. */
  readonly margin: number;
  readonly marginKind: (typeof MARGIN_KINDS)[number];
  /** Probability of ever firing though no variant is worse than the margin; above 0 and below 0.5. */
  readonly alpha: number;
  /** Measured subjects of each of two arms below which nothing is said; from 2. */
  readonly minimumSubjects: number;
  /** Measured subjects of two arms together at which the sequence is to be most sensitive; from 1. */
  readonly tunedFor: number;
  readonly population: (typeof POPULATIONS)[number];
  readonly action: GuardrailAction;
}

/** A metric that an experiment must not make worse by more than a margin, watched while it runs. */
export interface Guardrail {
  /** UUIDv7. */
  readonly id: string;
  readonly experimentId: string;
  readonly metricId: string;
  readonly metricVersion: number;
  readonly rule: GuardrailRule;
  /** Only subjects first exposed from then on count: when a firing was last undone. `null` before any was. */
  readonly armedAt: Instant | null;
  /** Grows by one with every change, from 1. */
  readonly version: number;
  readonly updatedAt: Instant;
}

/**
 * What a guardrail says: `waiting` for subjects or for numbers that can be judged; `green`: the estimate is within the margin; `amber`:
 * it is beyond the margin, and chance can still be the reason; `firing`: it is beyond the margin, with certainty 1 - alpha.
 */
export const GUARDRAIL_STATES = ["waiting", "green", "amber", "firing"] as const;

/** One of {@link GUARDRAIL_STATES}. */
export type GuardrailState = (typeof GUARDRAIL_STATES)[number];

/** A variant compared with control by a guardrail. */
export interface GuardrailReading {
  readonly variantId: string;
  readonly state: GuardrailState;
  readonly subjects: number;
  readonly controlSubjects: number;
  /** Mean or ratio; `null` when there is none. */
  readonly mean: number | null;
  readonly controlMean: number | null;
  /** How far the variant is on the good side of the margin, in units of the metric; negative is beyond it. */
  readonly shift: number | null;
  readonly se: number | null;
  /** Bounds of the shift that hold at all looks, each with certainty 1 - alpha. Below 0 `high` fires; above 0 `low` rules the harm out. */
  readonly low: number | null;
  readonly high: number | null;
  /** Why nothing can be said; `null` when something is. */
  readonly waitsFor: string | null;
}

/** What a guardrail saw at one look. */
export interface GuardrailEvaluation {
  readonly guardrailId: string;
  readonly at: Instant;
  readonly state: GuardrailState;
  /** Since when it has been in that state at every look. */
  readonly since: Instant;
  /** Events received before this instant are in it; `null` when there are none. */
  readonly watermark: Instant | null;
  /** Only subjects first exposed from then on count; `null` for all. */
  readonly from: Instant | null;
  /** One-sided level of each variant: the rule's, shared by all of them. */
  readonly alphaPerVariant: number;
  readonly readings: readonly GuardrailReading[];
}

/** That a guardrail has fired, with all that it saw. Never changes. */
export interface GuardrailFiring {
  /** UUIDv7. */
  readonly id: string;
  readonly experimentId: string;
  readonly at: Instant;
  /** As it was. */
  readonly guardrail: Guardrail;
  readonly evaluation: GuardrailEvaluation;
}

/** What became of a firing: its action was taken, could not be taken yet, or was taken back. */
export const FIRING_STEPS = ["acted", "failed", "undone"] as const;

/** One thing that became of a firing. Never changes. */
export interface FiringStep {
  /** UUIDv7. */
  readonly id: string;
  readonly firingId: string;
  readonly at: Instant;
  readonly kind: (typeof FIRING_STEPS)[number];
  readonly actorName: string;
  /** What was done, or why not, in words. */
  readonly said: string;
}

/** A firing with what became of it, oldest first. */
export interface RecordedFiring {
  readonly firing: GuardrailFiring;
  readonly steps: readonly FiringStep[];
}
