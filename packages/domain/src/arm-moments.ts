/** What a column of moments holds of each subject. */
export type MomentColumn = "value" | "denominator" | "covariate" | "covariate_denominator";

/**
 * Sufficient statistics of one variant's subjects: counts, means, and sums of products of deviations from the means. They add up
 * over parts without losing digits (`mergeMoments` of `@lotty/stats`).
 */
export interface ArmMoments {
  readonly variantId: string;
  /** Day of the first exposure in UTC, `YYYY-MM-DD`; `null` when days are taken together. */
  readonly cohortDay: string | null;
  /** Value of the segment that was asked for; `null` when there is none, or it was not asked for. */
  readonly segment: string | null;
  /** Subjects. */
  readonly n: number;
  /** What the following lists hold, in this order. */
  readonly columns: readonly MomentColumn[];
  readonly mean: readonly number[];
  /** Symmetric: entry i, j is the sum of the products of the deviations of columns i and j. */
  readonly m2: readonly (readonly number[])[];
}
