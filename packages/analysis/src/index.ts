export { analyse, type Analysis, type AnalysisInput } from "./analyse.ts";
export type { MetricData, SegmentData } from "./results/metric-data.ts";
export type { VariantValues } from "./results/quantile-values.ts";
export type { TrustData } from "./trust/trust-data.ts";
export { percent, probability, signedPercent } from "./trust/wording.ts";
export { createBoundsSource, type BoundsQuestion, type SequentialBounds } from "./looks/sequential-bounds.ts";
export { resultsCsv } from "./export/results-csv.ts";
export { createResults, type LedgerQuestion, type Results } from "./service/create-results.ts";
export type { ResultsPorts, ResultsQuestion } from "./service/results-ports.ts";
export {
  createPlanner,
  type Planner,
  type PlannerAnswer,
  type PlannerPorts,
  type PlannerQuestion,
} from "./planner/create-planner.ts";
export type { Baseline } from "./planner/plan-size.ts";
