import { compareCodePoints, type Experiment, type Flag, type Hundredths, type Variant } from "@lotty/domain";
import type { Outcome } from "./outcome.ts";
import { BUCKETS } from "./sha256/bucket-of-words.ts";

/** One variant's place on the line of all weights. */
export interface VariantRange {
  readonly outcome: Outcome;
  /** The same, when an earlier assignment is kept. */
  readonly keptOutcome: Outcome;
  readonly variant: Variant;
  /** Sum of the weights up to and including this variant. */
  readonly upTo: Hundredths;
}

/** All variants of an experiment, laid out for choosing. */
export interface VariantLayout {
  /** In code-point order of their names; variants of the same name keep their stored order. */
  readonly ranges: readonly VariantRange[];
  readonly totalWeight: Hundredths;
  /** What a bucket gets that no range takes: the last variant as stored. Null without variants. */
  readonly fallback: VariantRange | null;
  /** The range that every bucket falls into, when at most one variant has a weight. Null when there is a choice. */
  readonly certain: VariantRange | null;
}

/** Lays out the variants of an experiment, once per revision. */
export function layOutVariants(flag: Flag, experiment: Experiment): VariantLayout {
  let totalWeight = 0;
  const ranges = experiment.variants
    .toSorted((a, b) => compareCodePoints(a.name, b.name))
    .map((variant) => {
      totalWeight += variant.weight;
      const outcome = assignedOutcome({ flag, experiment, variant });
      return { outcome, keptOutcome: Object.freeze({ ...outcome, kept: true }), variant, upTo: totalWeight };
    });
  const lastStored = experiment.variants.at(-1);
  const fallback = ranges.find((range) => range.variant === lastStored) ?? null;
  const weighted = ranges.filter((range) => range.variant.weight > 0);
  const [onlyWeighted = fallback] = weighted;
  return { ranges, totalWeight, fallback, certain: weighted.length > 1 ? null : onlyWeighted };
}

/**
 * The range that a bucket falls into: the first whose share of the total lies above the bucket's share of all buckets.
 * Whole hundredths on both sides, so the comparison is exact.
 *
 * @param bucket 0 to 9999
 * @returns null only without variants
 */
export function rangeOfBucket(layout: VariantLayout, bucket: number): VariantRange | null {
  return rangeOfPoint(layout, bucket * layout.totalWeight);
}

/**
 * The range that a point on the line of all weights falls into.
 *
 * @param point in hundredths of a weight, times 10000
 */
export function rangeOfPoint(layout: VariantLayout, point: number): VariantRange | null {
  for (const range of layout.ranges) {
    if (point < range.upTo * BUCKETS) return range;
  }
  return layout.fallback;
}

function assignedOutcome(about: {
  readonly flag: Flag;
  readonly experiment: Experiment;
  readonly variant: Variant;
}): Outcome {
  return Object.freeze({
    settled: true,
    reason: "experiment_assigned",
    value: about.variant.value,
    flag: about.flag,
    experiment: about.experiment,
    variant: about.variant,
    rolledBack: null,
    kept: false,
    ruleFault: null,
    flagRule: null,
    flagRuleFault: null,
  });
}
