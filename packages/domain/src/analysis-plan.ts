import type { Instant } from "./instant.ts";

/** Which p-values are corrected together. */
export const CORRECTION_SCOPES = ["none", "primary", "primary_and_secondary"] as const;

/** How several p-values are corrected. */
export const CORRECTIONS = ["none", "bonferroni", "holm", "hochberg", "bh", "by"] as const;

/** How often results may be looked at: at planned looks, always, or once at the end. */
export const LOOKING_RULES = ["group_sequential", "always_valid", "fixed"] as const;

/** A metric of a plan, with the version that the plan means; versions are fixed when the experiment starts. */
export interface PlannedMetric {
  readonly metricId: string;
  readonly metricVersion: number;
}

/** A metric that must not become worse by more than a margin. */
export interface PlannedGuardrail extends PlannedMetric {
  /** Largest harm that is accepted, above 0, as a share of the control's mean. */
  readonly margin: number;
}

/** Who counts: subjects that an exposure event was sent for, or all that were assigned. */
export const POPULATIONS = ["exposed", "assigned"] as const;

/** What an experiment will be judged by, said before it starts. */
export interface AnalysisPlan {
  readonly experimentId: string;
  readonly primary: readonly PlannedMetric[];
  readonly secondary: readonly PlannedMetric[];
  readonly guardrails: readonly PlannedGuardrail[];
  /** Two-sided, above 0 and below 0.5. */
  readonly alpha: number;
  /** Above 0 and below 1. */
  readonly power: number;
  /** Smallest relative effect on the first primary metric that is to be found; `null` when nobody said. */
  readonly minimumEffect: number | null;
  /** Whole days from 1. */
  readonly durationDays: number;
  /** Subjects of all arms together at which the experiment ends, if its duration is not over before; `null` when nobody said. */
  readonly plannedSubjects: number | null;
  /** Subjects per arm below which nothing is inferred. */
  readonly minimumSubjects: number;
  readonly looking: (typeof LOOKING_RULES)[number];
  readonly correction: (typeof CORRECTIONS)[number];
  readonly correctionScope: (typeof CORRECTION_SCOPES)[number];
  readonly population: (typeof POPULATIONS)[number];
  /** Attributes and exposure properties by which results are split; at most 5. */
  readonly segments: readonly string[];
  /** Grows by one with every change, from 1. */
  readonly version: number;
  readonly updatedAt: Instant;
  /** When the experiment's start fixed it; later changes are deviations. `null` before. */
  readonly frozenAt: Instant | null;
}

/** A change of a plan after it was frozen. */
export interface PlanDeviation {
  readonly experimentId: string;
  readonly at: Instant;
  readonly actorName: string;
  /** Name of the plan's field. */
  readonly field: string;
  readonly planned: string;
  readonly now: string;
}
