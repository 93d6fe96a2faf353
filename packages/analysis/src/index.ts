export { analyse, type Analysis, type AnalysisInput } from "./analyse.ts";
export type { MetricData, SegmentData, VariantValues } from "./results/metric-data.ts";
export type { TrustData } from "./trust/trust-data.ts";
export { createBoundsSource, type BoundsQuestion, type SequentialBounds } from "./looks/sequential-bounds.ts";
