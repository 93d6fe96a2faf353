import type { Metric, ReportedVariant, VariantBelief } from "@lotty/domain";
import { type Comparison, liftBeliefs, normalPosterior, type TestedComparison } from "@lotty/stats";

/** What beliefs about a metric's variants rest on. */
export interface BeliefQuestion {
  readonly metric: Metric;
  readonly variants: readonly ReportedVariant[];
  /** Standard deviation of what is believed of lifts beforehand, > 0. */
  readonly priorSd: number;
  readonly alpha: number;
  /** Control's mean, ratio or quantile; `null` when not defined. */
  readonly controlValue: number | null;
  /** Compares two variants, by their ids; both may be the same. */
  readonly compare: (control: string, treatment: string) => Comparison;
}

/** Beliefs by variant; of none when one of them cannot be compared, as the best of some is not the best. */
export function variantBeliefs(question: BeliefQuestion): ReadonlyMap<string, VariantBelief> {
  const { alpha, compare, controlValue, metric, priorSd, variants } = question;
  const control = variants.find(({ isControl }) => isControl);
  const treatments = variants.filter(({ isControl }) => !isControl);
  if (control === undefined || treatments.length === 0) return NONE;
  const tested = treatments.map(({ id }) => compare(control.id, id)).filter(isTested);
  const lifts = tested.map(liftOf).filter((lift) => lift !== null);
  const controlVariance = varianceOf(compare(control.id, control.id));
  const variances = treatments.map(({ id }) => varianceOf(compare(id, id))).filter((variance) => variance !== null);
  const complete = lifts.length === treatments.length && variances.length === treatments.length;
  if (!complete || controlValue === null || controlVariance === null) return NONE;
  const good = metric.definition.higherIsBetter ? 1 : -1;
  const scale = baselineOf(tested, controlValue);
  const { control: ofControl, treatments: beliefs } = liftBeliefs(
    {
      lifts: lifts.map((lift) => good * lift),
      variances: variances.map((variance) => variance / scale ** 2),
      loadings: lifts.map((lift) => good * (1 + Math.sign(controlValue) * lift)),
      controlVariance: controlVariance / scale ** 2,
    },
    { priorSd, alpha },
  );
  const believed = treatments.map(({ id }, index): [string, VariantBelief] | null => {
    const belief = beliefs[index];
    if (belief === undefined) return null;
    const { beatsControl, best, expectedLoss, interval, mean, sd } = belief;
    const rope = metric.definition.practicalThreshold;
    const { pInRope } = normalPosterior({ estimate: mean, se: sd, prior: null }, { alpha, rope });
    const [low, high] = good === 1 ? [interval.low, interval.high] : [-interval.high, -interval.low];
    const own = { lift: good * mean + 0, interval: { low, high }, negligible: pInRope };
    return [id, { best, expectedLoss, beatsControl, ...own }];
  });
  const nothing = { beatsControl: null, lift: null, interval: null, negligible: null };
  return new Map([[control.id, { ...ofControl, ...nothing }], ...believed.filter((each) => each !== null)]);
}

const NONE: ReadonlyMap<string, VariantBelief> = new Map();

function isTested(comparison: Comparison): comparison is TestedComparison {
  return comparison.status === "ok";
}

function liftOf({ relative }: TestedComparison): number | null {
  return relative.status === "undefined" ? null : relative.lift;
}

/** The absolute value that lifts are a share of, covariates taken into account. */
function baselineOf(comparisons: readonly TestedComparison[], controlValue: number): number {
  const first = comparisons.find(({ relative }) => relative.status !== "undefined" && relative.lift !== 0);
  const lift = first === undefined ? null : liftOf(first);
  return first === undefined || lift === null ? Math.abs(controlValue) : first.diff / lift;
}

/** The variance of an arm's own estimate: an arm against itself has twice that. */
function varianceOf(comparison: Comparison): number | null {
  return comparison.status === "ok" ? comparison.se ** 2 / 2 : null;
}
