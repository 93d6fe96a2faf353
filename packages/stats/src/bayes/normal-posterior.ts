import type { BoundedInterval } from "../comparisons/comparison.ts";
import { normalCdf, normalExcess, normalLogSf, normalSf, normalUpperQuantile } from "../distributions/normal.ts";
import { checkNumbers } from "../input/check-input.ts";

/** An estimated effect and what was believed of it before. */
export interface NormalBelief {
  /** Estimated effect, absolute or relative. */
  readonly estimate: number;
  /** Its standard error, > 0. */
  readonly se: number;
  /** Normal prior; `null` for none. */
  readonly prior: { readonly mean: number; readonly sd: number } | null;
}

/** What is to be concluded from a posterior. */
export interface PosteriorOptions {
  /** 1 less the probability of the credible interval, above 0 and below 1. */
  readonly alpha: number;
  readonly lowerIsBetter?: boolean;
  /** Effects of at most this size do not matter in practice; `null` or absent when none is given. */
  readonly rope?: number | null;
}

/** The effect as it is believed after the experiment. */
export interface NormalPosterior {
  readonly mean: number;
  readonly sd: number;
  /** Credible interval with equal tails. */
  readonly interval: BoundedInterval;
  /** Probability that treatment is better. */
  readonly chanceToWin: number;
  /** Decimal logarithm of the probability that it is not, also where that is smaller than any double. */
  readonly log10ChanceToLose: number;
  /** How much is lost on average by choosing treatment, in the metric's units. */
  readonly lossIfShip: number;
  /** How much is lost on average by keeping control. */
  readonly lossIfKeep: number;
  /** Probability that the effect does not matter in practice; `null` when no such region was given. */
  readonly pInRope: number | null;
}

/**
 * Combines an estimate with a normal prior and says what follows for the decision.
 *
 * Source: the conjugate normal model; expected losses as the unit normal loss integral (Raiffa & Schlaifer 1961).
 *
 * @throws LottyError `invalid_request`
 */
export function normalPosterior(belief: NormalBelief, options: PosteriorOptions): NormalPosterior {
  const { alpha, lowerIsBetter = false, rope = null } = options;
  checkNumbers("probability", { alpha });
  if (rope !== null) checkNumbers("not negative", { rope });
  const { mean, sd } = combine(belief);
  const margin = normalUpperQuantile(alpha / 2) * sd;
  // How many standard deviations the effect is on the good side.
  const good = (lowerIsBetter ? -mean : mean) / sd;
  return {
    mean,
    sd,
    interval: { low: mean - margin, high: mean + margin },
    chanceToWin: normalCdf(good),
    log10ChanceToLose: normalLogSf(good) / Math.LN10 + 0,
    lossIfShip: sd * normalExcess(good),
    lossIfKeep: sd * normalExcess(-good),
    pInRope: rope === null ? null : probabilityBetween((-rope - Math.abs(mean)) / sd, (rope - Math.abs(mean)) / sd),
  };
}

function combine({ estimate, se, prior }: NormalBelief): { readonly mean: number; readonly sd: number } {
  checkNumbers("finite", { estimate });
  checkNumbers("positive", { se });
  if (prior === null) return { mean: estimate, sd: se };
  checkNumbers("finite", { "prior.mean": prior.mean });
  checkNumbers("positive", { "prior.sd": prior.sd });
  const total = Math.hypot(se, prior.sd);
  const weight = (prior.sd / total) ** 2;
  return { mean: estimate * weight + prior.mean * (se / total) ** 2, sd: (se / total) * prior.sd };
}

/** Probability of a standard normal variable between `low` and `high`, of which `low` is at most 0. */
function probabilityBetween(low: number, high: number): number {
  // Tails of one side are subtracted; on both sides of 0 they are added to one half each.
  return high <= 0 ? normalCdf(high) - normalCdf(low) : 1 - normalCdf(low) - normalSf(high);
}
