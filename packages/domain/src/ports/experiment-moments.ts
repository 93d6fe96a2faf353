import type { Instant } from "../instant.ts";
import type { Metric } from "../metric.ts";
import type { MomentsAnswer } from "../moments-answer.ts";
import type { POPULATIONS } from "../analysis-plan.ts";

/** Which subjects of which experiment a metric is asked about. */
export interface MomentsQuestion {
  readonly environmentId: string;
  readonly experimentId: string;
  /** In the version that is meant. */
  readonly metric: Metric;
  readonly population: (typeof POPULATIONS)[number];
  /** Subjects first exposed from this instant on; `null` from the start. */
  readonly from: Instant | null;
  /** Subjects first exposed before this instant; `null` until now. */
  readonly to: Instant | null;
  /** Whether only subjects count whose window is over at the watermark, as sequential tests need. */
  readonly completeOnly: boolean;
  /** What the answer is split by, besides the variant. */
  readonly by: "nothing" | "cohort_day" | { readonly segment: string };
}

/** One subject's measure of a metric. */
export interface SubjectValue {
  readonly subjectId: string;
  readonly variantId: string;
  /** When it was first exposed, or first assigned where that is the population. */
  readonly exposedAt: Instant;
  readonly value: number;
  /** 1 but for ratios. */
  readonly denominator: number;
  /** Of clustered quantiles: the values of all events of the subject. */
  readonly values?: readonly number[];
}

/** Gives what metrics measured, variant by variant. Subjects seen in several variants are left out of everything. */
export interface ExperimentMoments {
  /**
   * Moments of a metric, quantiles excepted. Winsorized metrics are capped over both arms of the whole question.
   *
   * @throws LottyError `database_unavailable`, `timeout`
   */
  moments(question: MomentsQuestion): Promise<MomentsAnswer>;

  /**
   * The measures of all subjects, in the order of their ids, for what moments cannot say: quantiles and ranks.
   *
   * @throws LottyError `database_unavailable`, `timeout`
   */
  values(question: MomentsQuestion): AsyncIterable<SubjectValue>;
}
