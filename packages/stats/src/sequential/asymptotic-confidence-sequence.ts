import type { Interval } from "../comparisons/comparison.ts";
import { pValueOf, type Alternative, type PValue } from "../distributions/p-value.ts";
import { checkNumbers, invalidInput } from "../input/check-input.ts";

/** An estimate at one moment of a running experiment. */
export interface Look {
  /** Subjects of both arms so far, ≥ 1. */
  readonly n: number;
  /** Estimated effect, absolute or relative. */
  readonly estimate: number;
  /** Its standard error, > 0. */
  readonly se: number;
}

/** How a confidence sequence is made. */
export interface SequenceOptions {
  /** Probability that the interval ever misses the effect, above 0 and below 1 (below 0.5 when one-sided). */
  readonly alpha: number;
  /** Number of subjects for which the interval is to be narrow: the planned size. > 0. */
  readonly tunedFor: number;
  /** `two-sided` by default. */
  readonly alternative?: Alternative;
}

/** An interval and a p-value that hold however often and whenever one looks. */
export interface SequenceLook extends PValue {
  /** Mixture parameter that the sequence was tuned to. */
  readonly rho: number;
  readonly halfWidth: number;
  readonly interval: Interval;
  /** ln of the evidence against no effect; `null` for one-sided sequences, whose p-value comes from the interval. */
  readonly logE: number | null;
}

/**
 * An asymptotic confidence sequence at one look: valid at all looks together, for experiments without a planned end.
 *
 * Source: Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas (2021), "Time-uniform central limit theory and asymptotic confidence
 * sequences", theorem 2.2 and appendix B; the tuning is their equation for the best ρ at a given time.
 *
 * @throws LottyError `invalid_request`
 */
export function confidenceSequenceAt(look: Look, options: SequenceOptions): SequenceLook {
  checkNumbers("positive", { n: look.n, se: look.se });
  checkNumbers("finite", { estimate: look.estimate });
  const { alternative = "two-sided" } = options;
  const rho = tuning(options);
  // n ρ² is all that the formulas need of both; the variance of one subject's contribution is n se².
  const time = look.n * rho * rho;
  const score = (look.estimate / look.se) ** 2 * (time / (2 * (time + 1)));
  const halfWidth = look.se * Math.sqrt((2 * (time + 1)) / time) * Math.sqrt(logBoundary(time, options));
  const interval = {
    low: alternative === "less" ? null : look.estimate - halfWidth,
    high: alternative === "greater" ? null : look.estimate + halfWidth,
  };
  if (alternative === "two-sided") {
    const logE = score - Math.log1p(time) / 2;
    return { rho, halfWidth, interval, logE, ...pValueOf(Math.min(0, -logE)) };
  }
  const asHoped = alternative === "greater" ? look.estimate > 0 : look.estimate < 0;
  return { rho, halfWidth, interval, logE: null, ...pValueOf(asHoped ? oneSidedLogP(score, time) : 0) };
}

/** The ρ for which the interval is narrowest after the planned number of subjects. */
function tuning({ alpha, tunedFor, alternative = "two-sided" }: SequenceOptions): number {
  checkNumbers("probability", { alpha });
  checkNumbers("positive", { tunedFor });
  const level = alternative === "two-sided" ? alpha : 2 * alpha;
  if (level >= 1) throw invalidInput("alpha of a one-sided sequence has to be below 0.5.");
  const twice = -2 * Math.log(level);
  return Math.sqrt((twice + Math.log1p(twice)) / tunedFor);
}

function logBoundary(time: number, { alpha, alternative = "two-sided" }: SequenceOptions): number {
  const root = Math.sqrt(time + 1);
  return alternative === "two-sided" ? Math.log(root / alpha) : Math.log1p(root / (2 * alpha));
}

/** ln of √(time + 1) / (2 expm1(score)): the level at which the one-sided bound reaches 0. */
function oneSidedLogP(score: number, time: number): number {
  return Math.min(0, Math.log1p(time) / 2 - Math.LN2 - score - Math.log(-Math.expm1(-score)));
}
