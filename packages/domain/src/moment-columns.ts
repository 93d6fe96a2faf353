import type { MomentColumn } from "./arm-moments.ts";
import type { MetricDefinition } from "./metric.ts";

/** The columns that moments of a metric have, in their order: a value, a denominator for ratios, the same again where there is a covariate. */
export function momentColumns({ covariateDays, denominator }: MetricDefinition): readonly MomentColumn[] {
  const isRatio = denominator !== null;
  const hasCovariate = covariateDays > 0;
  return [
    "value",
    ...(isRatio ? (["denominator"] as const) : []),
    ...(hasCovariate ? (["covariate"] as const) : []),
    ...(isRatio && hasCovariate ? (["covariate_denominator"] as const) : []),
  ];
}
