import type { Instant } from "./instant.ts";

/** What metrics are made of. */
export const METRIC_KINDS = ["conversion", "count", "sum", "mean", "ratio", "quantile", "retention"] as const;

/** One of {@link METRIC_KINDS}. */
export type MetricKind = (typeof METRIC_KINDS)[number];

/** Which events a metric looks at. */
export interface EventSelection {
  /** Key of the event type. */
  readonly eventType: string;
  /** Rule in the rule language over the event's properties; `null` takes every event of the type. */
  readonly filter: string | null;
  /** Property whose number is taken instead of the event's `value`; `null` takes `value`. */
  readonly valueProperty: string | null;
}

/** How far extreme values of subjects are pulled in; percentiles of both arms together. */
export interface Winsorizing {
  /** Share from 0 to below `upper`; `null` for no lower cap. */
  readonly lower: number | null;
  /** Share up to 1; `null` for no upper cap. */
  readonly upper: number | null;
  /** Whether subjects with 0 are left out when the percentiles are taken. */
  readonly ignoreZeros: boolean;
}

/**
 * What is measured of each subject, in one version. A subject's value is, over the events in its window: for `conversion` 1 or 0,
 * whether there is any; `count` how many; `sum` the sum of their values; `mean` the mean of their values, of subjects with any;
 * `ratio` the sum of the numerator's values beside that of the denominator's; `quantile` each event's value; `retention` 1 or 0,
 * whether there is any from `retentionFromDays` on.
 */
export interface MetricDefinition {
  readonly kind: MetricKind;
  readonly numerator: EventSelection;
  /** Only for `ratio`. */
  readonly denominator: EventSelection | null;
  /** Whether a ratio's sides count events instead of adding up their values. */
  readonly countsEvents: boolean;
  /** How long after a subject's first exposure events count, in whole hours from 1. */
  readonly windowHours: number;
  /** Where the window begins, in whole days after the first exposure; 0 but for `retention`. */
  readonly retentionFromDays: number;
  /** The quantile, above 0 and below 1; only for `quantile`. */
  readonly quantile: number | null;
  readonly winsorizing: Winsorizing | null;
  /** Whether subjects with a value of 0 are left out. */
  readonly dropsZeros: boolean;
  readonly higherIsBetter: boolean;
  /** How long before the first exposure the same measure is taken as a covariate, in whole days; 0 for none. */
  readonly covariateDays: number;
  /** Smallest relative change that matters in practice, such as 0.01; `null` when nobody said. */
  readonly practicalThreshold: number | null;
}

/** A metric of the catalogue of an environment. */
export interface Metric {
  readonly id: string;
  readonly environmentId: string;
  /** Unique in its environment. */
  readonly key: string;
  readonly name: string;
  readonly description: string | null;
  readonly owner: string | null;
  readonly tags: readonly string[];
  readonly definition: MetricDefinition;
  /** Grows by one with every change, from 1. */
  readonly version: number;
  readonly updatedAt: Instant;
  readonly archivedAt: Instant | null;
}
