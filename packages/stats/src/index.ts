export type { Alternative, PValue } from "./distributions/p-value.ts";
export { pValueOf } from "./distributions/p-value.ts";
export { normalCdf, normalLogSf, normalQuantile, normalSf } from "./distributions/normal.ts";
export { tLogSf, tQuantile, tSf } from "./distributions/student-t.ts";
export { chiSquaredLogSf, chiSquaredSf, chiSquaredUpperQuantile } from "./distributions/chi-squared.ts";
export { betaCdf, betaQuantile, betaSf, type BetaParameters } from "./distributions/beta.ts";
export { momentsOf, NO_MOMENTS, sampleVariance, type Moments } from "./moments/moments.ts";
export { mergeMoments } from "./moments/merge-moments.ts";
export { mergeCoMoments, NO_CO_MOMENTS } from "./moments/merge-co-moments.ts";
export type { CoMoments } from "./moments/co-moments.ts";
export type { Matrix, Vector } from "./linear-algebra/matrix.ts";
export type {
  BoundedInterval,
  Comparison,
  DeltaLift,
  Interval,
  RelativeEffect,
  TestedComparison,
  TestOptions,
  Untestable,
  UntestedComparison,
  UntestedRelativeEffect,
} from "./comparisons/comparison.ts";
export {
  compareEstimates,
  type ArmEstimate,
  type ArmEstimates,
  type SharedVariance,
} from "./comparisons/t-comparison.ts";
export { compareMeans, type MeanArms } from "./comparisons/compare-means.ts";
export { compareRatios, type RatioArms, type RatioComparison } from "./comparisons/compare-ratios.ts";
export { compareAdjusted, type AdjustableArms, type AdjustedComparison } from "./comparisons/compare-adjusted.ts";
export { compareAdjustedRatios } from "./comparisons/compare-adjusted-ratios.ts";
export { comparePooledCuped, type PooledCupedComparison } from "./comparisons/compare-pooled-cuped.ts";
export type { Proportion, ProportionArms } from "./comparisons/proportions.ts";
export {
  compareProportions,
  type ProportionComparison,
  type ProportionTestOptions,
} from "./comparisons/compare-proportions.ts";
export {
  proportionIntervals,
  type ArmIntervals,
  type ProportionIntervals,
} from "./comparisons/proportion-intervals.ts";
export { fisherExact, type FisherExactTest } from "./comparisons/fisher-exact.ts";
export {
  compareWinsorized,
  type ValueArms,
  type WinsorizedComparison,
  type WinsorizeOptions,
} from "./comparisons/compare-winsorized.ts";
export { compareQuantiles, type QuantileComparison, type QuantileOptions } from "./comparisons/compare-quantiles.ts";
export type { ArmValues, QuantileEstimate } from "./comparisons/estimate-quantile.ts";
export {
  estimateNoninferiority,
  testNoninferiority,
  type NoninferiorityEstimate,
  type NoninferiorityOptions,
  type NoninferiorityTest,
} from "./comparisons/test-noninferiority.ts";
export {
  confidenceSequenceAt,
  type Look,
  type SequenceLook,
  type SequenceOptions,
} from "./sequential/asymptotic-confidence-sequence.ts";
export { runningConfidenceSequence, type RunningLook } from "./sequential/running-confidence-sequence.ts";
export { groupSequentialBounds, type LookBound, type SpendingPlan } from "./sequential/group-sequential-bounds.ts";
export type { Spending } from "./sequential/spending.ts";
export { classicalBounds, type ClassicalBounds, type ClassicalPlan } from "./sequential/group-sequential-constants.ts";
export {
  type LiftBelief,
  type LiftBeliefOptions,
  type LiftBeliefs,
  liftBeliefs,
  type LiftEvidence,
} from "./bayes/lift-beliefs.ts";
export {
  normalPosterior,
  type NormalBelief,
  type NormalPosterior,
  type PosteriorOptions,
} from "./bayes/normal-posterior.ts";
export { compareBetaBeliefs, type BetaArms, type BetaComparison } from "./bayes/beta-posterior.ts";
export { bestArm, type ArmBeliefs, type BestArm, type BestArmOptions } from "./bayes/best-arm.ts";
export { adjustPValues, type AdjustedPValues, type Correction } from "./multiplicity/adjust-p-values.ts";
export type { PlannedTest } from "./power/normal-power.ts";
export {
  detectableMeanEffect,
  powerForMean,
  sampleSizeForMean,
  type ArmSizes,
  type MeanSizeQuestion,
  type SampleSizes,
  type Spread,
} from "./power/plan-means.ts";
export {
  detectableProportionEffect,
  sampleSizeForProportion,
  type DetectableProportionEffect,
  type ProportionSizeQuestion,
} from "./power/plan-proportions.ts";
export {
  sampleSizeForNoninferiority,
  type NoninferiorityQuestion,
  type NoninferioritySize,
} from "./power/plan-noninferiority.ts";
export {
  testSampleRatio,
  type ArmCounts,
  type SampleRatioTest,
  type UntestableCounts,
} from "./trust/test-sample-ratio.ts";
export { sampleRatioSequence, type RatioLook, type RatioLooks } from "./trust/sample-ratio-sequence.ts";
export { testIndependence, type IndependenceTest } from "./trust/test-independence.ts";
export type { Estimates } from "./segments/weighted.ts";
export { heterogeneity, type Heterogeneity } from "./segments/heterogeneity.ts";
export { testInteraction, type InteractionTest, type TwoExperiments } from "./segments/interaction.ts";
export { comparePostStratified } from "./segments/post-stratification.ts";
export { comparePostStratifiedRatios } from "./segments/post-stratified-ratios.ts";
export type { StratifiedComparison } from "./segments/stratified-comparison.ts";
export { testTrend, type DailyEffects, type TrendTest } from "./segments/trend.ts";
export { sequentialInflation, type SequentialPlan, sequentialPower } from "./sequential/sequential-inflation.ts";
