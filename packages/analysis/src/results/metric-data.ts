import type { AnalysisPlan, ArmMoments, Metric, MetricRole, ReportedVariant } from "@lotty/domain";
import type { BoundsQuestion, SequentialBounds } from "../looks/sequential-bounds.ts";
import type { VariantValues } from "./quantile-values.ts";

/** What was measured for a metric of a plan. All of it is of subjects whose window is over. */
export interface MetricData {
  readonly metric: Metric;
  readonly role: MetricRole;
  /** Largest accepted harm of a guardrail; `null` for others. */
  readonly margin: number | null;
  /** Moments by day of exposure; days that are not whole yet are left out. Empty for quantiles. */
  readonly days: readonly ArmMoments[];
  /** Of quantiles: all values by variant; `null` for others. */
  readonly values: ReadonlyMap<string, VariantValues> | null;
  /** The last day of exposure whose windows are all over; `null` before the first. */
  readonly wholeThrough: string | null;
  readonly segments: readonly SegmentData[];
  /** Names of segments that have too many values to split by. */
  readonly unsplit: readonly string[];
}

/** Moments of a metric by the values of a segment. */
export interface SegmentData {
  readonly name: string;
  readonly arms: readonly ArmMoments[];
}

/** What all metrics of a report have in common. */
export interface ReportContext {
  readonly plan: AnalysisPlan;
  /** Variants that have a share, control among them. */
  readonly variants: readonly ReportedVariant[];
  /** The first day of the experiment, `YYYY-MM-DD`. */
  readonly startDay: string;
  /** Whether the data are a cut: looked at once, with intervals that hold for one look. */
  readonly exploratory: boolean;
  /** Standard deviation of what is believed of lifts beforehand, for those who ask; it changes no decision. */
  readonly priorSd?: number;
  readonly boundsOf: (question: BoundsQuestion) => SequentialBounds;
}
