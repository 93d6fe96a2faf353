import type { Instant } from "../instant.ts";
import type { Metric } from "../metric.ts";

/** What a metric was for a subject that nobody experimented with. */
export interface PastValue {
  readonly subjectId: string;
  readonly value: number;
  /** 1 but for ratios. */
  readonly denominator: number;
  /** The same measure before that; only of metrics with a covariate. */
  readonly covariate?: number;
  /** 1 but for ratios; only of metrics with a covariate. */
  readonly covariateDenominator?: number;
}

/** A metric over the recorded past, for planning: power, rehearsals, A/A splits. */
export interface MetricHistory {
  /**
   * Measures of subjects that had any decision or event from an instant on, as if each had been exposed at the first of them;
   * in the order of a hash of their ids, so that the first so many are a fair sample.
   *
   * @param limit most subjects, from 1
   * @throws LottyError `database_unavailable`, `timeout`
   */
  values(
    metric: Metric,
    span: { readonly from: Instant; readonly to: Instant; readonly limit: number },
  ): Promise<readonly PastValue[]>;
}
