import { normalLogSf } from "../distributions/normal.ts";
import { symmetricPValue, type PValue } from "../distributions/p-value.ts";
import { checkEach, checkSameLength } from "../input/check-input.ts";
import { weighByPrecision, weightedMean, type Estimates } from "./weighted.ts";

/** Effects day by day. */
export interface DailyEffects extends Estimates {
  /** Any numbers that stand for the days, in any order. */
  readonly days: readonly number[];
}

/** A straight line through daily effects. */
export type TrendTest =
  | (PValue & {
      readonly status: "ok";
      /** Change of the effect per day. */
      readonly slope: number;
      readonly slopeSe: number;
      /** Effect on day 0 of the line. */
      readonly intercept: number;
      readonly z: number;
    })
  /** Fewer than two different days. */
  | { readonly status: "insufficient_data" };

/**
 * Tests whether an effect grows or wears off with time: weighted least squares with known variances, by the normal
 * distribution.
 *
 * @throws LottyError `invalid_request`
 */
export function testTrend({ days, ...effects }: DailyEffects): TrendTest {
  checkSameLength({ days, estimates: effects.estimates });
  checkEach("finite", "days", days);
  const values = weighByPrecision(effects);
  const points = values.map(({ weight }, index) => ({ estimate: days[index] ?? 0, weight }));
  if (new Set(days).size < 2) return { status: "insufficient_data" };
  const center = weightedMean(points);
  const level = weightedMean(values);
  const spread = points.reduce((sum, { estimate, weight }) => sum + weight * (estimate - center) ** 2, 0);
  const covariance = values.reduce(
    (sum, { estimate, weight }, index) => sum + weight * ((days[index] ?? 0) - center) * (estimate - level),
    0,
  );
  const slope = covariance / spread;
  const slopeSe = 1 / Math.sqrt(spread);
  const z = slope / slopeSe;
  return {
    status: "ok",
    slope,
    slopeSe,
    intercept: level - slope * center,
    z,
    ...symmetricPValue(z, "two-sided", normalLogSf),
  };
}
