import { betaQuantile } from "../distributions/beta.ts";
import { normalUpperQuantile } from "../distributions/normal.ts";
import { checkNumbers } from "../input/check-input.ts";
import type { BoundedInterval } from "./comparison.ts";
import { scoreInterval } from "./score-interval.ts";
import { checkProportions, shareDifference, shareOf, shareVariance } from "./proportions.ts";
import type { Proportion, ProportionArms } from "./proportions.ts";

/** Intervals for the proportion of one arm. */
export interface ArmIntervals {
  readonly wilson: BoundedInterval;
  /** Exact: covers at least as often as it says. */
  readonly clopperPearson: BoundedInterval;
}

/** Intervals for two proportions and their difference that hold for few successes, too. */
export type ProportionIntervals =
  | {
      readonly status: "ok";
      readonly diff: number;
      readonly control: ArmIntervals;
      readonly treatment: ArmIntervals;
      /** Newcombe (1998), method 10: from Wilson's intervals of the arms. The one to show by default. */
      readonly newcombe: BoundedInterval;
      /** Agresti & Caffo (2000): Wald's with a success and a failure added to each arm. */
      readonly agrestiCaffo: BoundedInterval;
      /** Miettinen & Nurminen (1985): inverts the score test. */
      readonly miettinenNurminen: BoundedInterval;
    }
  | { readonly status: "no_data" };

/**
 * Two-sided intervals for two proportions and their difference.
 *
 * @throws LottyError `invalid_request`
 */
export function proportionIntervals(arms: ProportionArms, { alpha }: { readonly alpha: number }): ProportionIntervals {
  checkProportions(arms);
  checkNumbers("probability", { alpha });
  const { control, treatment } = arms;
  if (control.n === 0 || treatment.n === 0) return { status: "no_data" };
  const z = normalUpperQuantile(alpha / 2);
  return {
    status: "ok",
    diff: shareDifference(arms),
    control: { wilson: wilson(control, z), clopperPearson: clopperPearson(control, alpha) },
    treatment: { wilson: wilson(treatment, z), clopperPearson: clopperPearson(treatment, alpha) },
    newcombe: newcombe(arms, z),
    agrestiCaffo: agrestiCaffo(arms, z),
    miettinenNurminen: scoreInterval(arms, z),
  };
}

/** Wilson (1927): inverts the score test of one proportion. */
function wilson(arm: Proportion, z: number): BoundedInterval {
  const high = wilsonUpper(arm, z);
  // The smaller root from the product of both, (x/n)²/(1 + z²/n): no cancellation, and exactly 0 without successes.
  const low = (arm.successes / (arm.n + z * z)) * (arm.successes / arm.n / high);
  return { low, high: arm.successes === arm.n ? 1 : high };
}

function wilsonUpper({ n, successes }: Proportion, z: number): number {
  const square = z * z;
  const root = z * Math.sqrt(square / 4 + (successes * (n - successes)) / n);
  return (successes + square / 2 + root) / (n + square);
}

/** Clopper & Pearson (1934), by beta quantiles. */
function clopperPearson({ n, successes }: Proportion, alpha: number): BoundedInterval {
  const failures = n - successes;
  return {
    low: successes === 0 ? 0 : betaQuantile(alpha / 2, { alpha: successes, beta: failures + 1 }),
    high: failures === 0 ? 1 : betaQuantile(1 - alpha / 2, { alpha: successes + 1, beta: failures }),
  };
}

function newcombe({ control, treatment }: ProportionArms, z: number): BoundedInterval {
  const diff = shareDifference({ control, treatment });
  const [c, t] = [wilson(control, z), wilson(treatment, z)];
  return {
    low: diff - Math.hypot(shareOf(treatment) - t.low, c.high - shareOf(control)),
    high: diff + Math.hypot(t.high - shareOf(treatment), shareOf(control) - c.low),
  };
}

function agrestiCaffo(arms: ProportionArms, z: number): BoundedInterval {
  const control = withOneMoreOfEach(arms.control);
  const treatment = withOneMoreOfEach(arms.treatment);
  const diff = shareDifference({ control, treatment });
  const margin = z * Math.sqrt(shareVariance(control) + shareVariance(treatment));
  return { low: diff - margin, high: diff + margin };
}

function withOneMoreOfEach({ n, successes }: Proportion): Proportion {
  return { n: n + 2, successes: successes + 1 };
}
