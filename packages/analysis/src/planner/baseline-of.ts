import type { MetricDefinition, PastValue } from "@lotty/domain";
import { momentsOf, sampleVariance } from "@lotty/stats";
import type { Baseline } from "./plan-size.ts";

/**
 * Mean and deviation of a metric's past; of a ratio, those of its linearisation (Deng, Knoblich & Lu 2018). `null` when too little is known,
 * nothing varies, or its mean is 0, of which no effect is a share.
 */
export function baselineOf(values: readonly PastValue[], { kind }: Pick<MetricDefinition, "kind">): Baseline | null {
  const plain = momentsOf(values.map(({ value }) => value));
  if (kind !== "ratio") return known(plain.mean, sampleVariance(plain));
  const denominator = momentsOf(values.map((value) => value.denominator)).mean;
  if (plain.mean === null || denominator === null || denominator === 0) return null;
  const ratio = plain.mean / denominator;
  const linear = momentsOf(values.map((each) => (each.value - ratio * each.denominator) / denominator));
  return known(ratio, sampleVariance(linear));
}

function known(mean: number | null, variance: number | null): Baseline | null {
  return mean === null || mean === 0 || variance === null || variance === 0 ? null : { mean, sd: Math.sqrt(variance) };
}
