import { LottyError, type MetricDefinition, type PastValue } from "@lotty/domain";
import { momentsOf, sampleVariance } from "@lotty/stats";
import type { ValueSource } from "./arrivals.ts";

/** Fewest recorded subjects that say how a metric varies. */
export const FEWEST_RECORDED = 50;

/**
 * The distribution of a metric among recorded subjects. Ratios are linearised at the overall ratio, which gives a mean with the
 * ratio's standard error (Deng, Knoblich & Lu 2018, section 3).
 *
 * @throws LottyError `invalid_request` when nothing varies or too few subjects are recorded
 */
export function recordedSource(past: readonly PastValue[], kind: MetricDefinition["kind"]): ValueSource {
  if (past.length < FEWEST_RECORDED) {
    throw refused(
      `Only ${past.length} subjects are recorded; ${FEWEST_RECORDED} are needed. Give a mean and a variance.`,
    );
  }
  const values = kind === "ratio" ? linearised(past) : past.map(({ value }) => value);
  const moments = momentsOf(values);
  const isShare = values.every((value) => value === 0 || value === 1);
  return sourceOf({ values, mean: moments.mean ?? 0, variance: sampleVariance(moments) ?? 0, isShare });
}

/**
 * A distribution that is only known by its mean and variance.
 *
 * @throws LottyError `invalid_request` when the variance is not above 0
 */
export function assumedSource(
  { mean, variance }: Pick<ValueSource, "mean" | "variance">,
  kind: MetricDefinition["kind"],
): ValueSource {
  const isShare = kind === "conversion" || kind === "retention";
  if (isShare && !(mean > 0 && mean < 1)) throw refused("The mean of a share lies between 0 and 1.");
  return sourceOf({ values: [], mean, variance: isShare ? mean * (1 - mean) : variance, isShare });
}

function sourceOf(source: ValueSource): ValueSource {
  if (source.variance > 0) return source;
  throw refused("Nothing varies, so there is nothing to rehearse.");
}

function linearised(past: readonly PastValue[]): readonly number[] {
  const numerator = momentsOf(past.map(({ value }) => value)).mean ?? 0;
  const denominator = momentsOf(past.map((each) => each.denominator)).mean ?? 0;
  if (denominator === 0) throw refused("The ratio's denominator is 0 in everything that is recorded.");
  const ratio = numerator / denominator;
  return past.map(({ denominator: own, value }) => ratio + (value - ratio * own) / denominator);
}

function refused(message: string): LottyError {
  return new LottyError("invalid_request", message);
}
