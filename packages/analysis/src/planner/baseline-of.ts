import type { MetricDefinition, PastValue } from "@lotty/domain";
import { momentsOf, sampleVariance } from "@lotty/stats";
import type { Baseline } from "./plan-size.ts";

/** What a metric's past says of it. */
export interface PastBaseline extends Baseline {
  /** Share of the variance that the past of each subject explains, from 0 to below 1; `null` for metrics without a covariate. */
  readonly varianceReduction: number | null;
}

/**
 * Mean and deviation of a metric's past; of a ratio, those of its linearisation (Deng, Knoblich & Lu 2018). `null` when too little is known,
 * nothing varies, or its mean is 0, of which no effect is a share.
 */
export function baselineOf(
  values: readonly PastValue[],
  { kind }: Pick<MetricDefinition, "kind">,
): PastBaseline | null {
  const own = linearised(values, kind);
  const variance = own === null ? null : sampleVariance(momentsOf(own.values));
  if (own === null || own.mean === 0 || variance === null || variance === 0) return null;
  return {
    mean: own.mean,
    sd: Math.sqrt(variance),
    varianceReduction: explainedShare(own.values, covariateOf(values, kind)),
  };
}

/** One value for each subject that varies as a mean or ratio does, and that mean or ratio. */
interface Linearised {
  readonly mean: number;
  readonly values: readonly number[];
}

function linearised(
  values: readonly Pick<PastValue, "value" | "denominator">[],
  kind: MetricDefinition["kind"],
): Linearised | null {
  const plain = momentsOf(values.map(({ value }) => value));
  if (plain.mean === null) return null;
  if (kind !== "ratio") return { mean: plain.mean, values: values.map(({ value }) => value) };
  const denominator = momentsOf(values.map((value) => value.denominator)).mean;
  if (denominator === null || denominator === 0) return null;
  const ratio = plain.mean / denominator;
  return { mean: ratio, values: values.map((each) => (each.value - ratio * each.denominator) / denominator) };
}

/** What a covariate was for each subject; `null` when the metric has none, or it says nothing. */
function covariateOf(values: readonly PastValue[], kind: MetricDefinition["kind"]): readonly number[] | null {
  const known = values.flatMap(({ covariate, covariateDenominator = 1 }) =>
    covariate === undefined ? [] : [{ value: covariate, denominator: covariateDenominator }],
  );
  return known.length < values.length ? null : (linearised(known, kind)?.values ?? null);
}

/** Squared correlation, without what any covariate explains by chance. */
function explainedShare(values: readonly number[], covariate: readonly number[] | null): number | null {
  if (covariate === null || values.length < 3) return null;
  const [one, other] = [momentsOf(values), momentsOf(covariate)];
  if (one.mean === null || other.mean === null) return null;
  const [mean, otherMean] = [one.mean, other.mean];
  const spread = (one.m2 ?? 0) * (other.m2 ?? 0);
  if (spread === 0) return 0;
  const common = values.reduce((sum, value, index) => sum + (value - mean) * ((covariate[index] ?? 0) - otherMean), 0);
  const degrees = (values.length - 1) / (values.length - 2);
  return Math.min(MOST_EXPLAINED, Math.max(0, 1 - (1 - (common * common) / spread) * degrees));
}

/** A plan needs something that varies. */
const MOST_EXPLAINED = 0.99;
