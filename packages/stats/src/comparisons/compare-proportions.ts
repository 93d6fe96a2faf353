import { normalLogSf, normalUpperQuantile } from "../distributions/normal.ts";
import { symmetricPValue, type PValue } from "../distributions/p-value.ts";
import { checkNumbers } from "../input/check-input.ts";
import type { Interval, TestOptions } from "./comparison.ts";
import { intervalAround } from "./interval.ts";
import { checkProportions, shareDifference, shareVariance, type ProportionArms } from "./proportions.ts";

/** How a z-test of proportions is made. */
export interface ProportionTestOptions extends TestOptions {
  /** Whether the test takes one proportion for both arms, as under the hypothesis of no effect, or each arm's own. */
  readonly variance: "pooled" | "unpooled";
}

/** A z-test of two proportions. */
export type ProportionComparison =
  | (PValue & {
      readonly status: "ok";
      /** Treatment less control. */
      readonly diff: number;
      /** Standard error that the test was made with. */
      readonly seTest: number;
      readonly z: number;
      /** Wald's interval, always with the unpooled standard error. */
      readonly interval: Interval;
    })
  | { readonly status: "no_data" | "zero_variance"; readonly diff: number | null };

/**
 * Compares two proportions by the z-test that calculators and other tools make. {@link compareMeans} on 0/1 values answers the
 * same question with a relative effect; with fewer than ten successes or failures use {@link proportionIntervals} and
 * {@link fisherExact}.
 *
 * @throws LottyError `invalid_request`
 */
export function compareProportions(arms: ProportionArms, options: ProportionTestOptions): ProportionComparison {
  const { alpha, alternative = "two-sided", variance } = options;
  checkProportions(arms);
  checkNumbers("probability", { alpha });
  const { control, treatment } = arms;
  if (control.n === 0 || treatment.n === 0) return { status: "no_data", diff: null };
  const diff = shareDifference(arms);
  const seUnpooled = Math.sqrt(shareVariance(control) + shareVariance(treatment));
  const seTest = variance === "pooled" ? pooledStandardError(arms) : seUnpooled;
  if (seTest === 0) return { status: "zero_variance", diff };
  const z = diff / seTest;
  return {
    status: "ok",
    diff,
    seTest,
    z,
    ...symmetricPValue(z, alternative, normalLogSf),
    interval: intervalAround(diff, { alpha, alternative }, (level) => seUnpooled * normalUpperQuantile(level)),
  };
}

function pooledStandardError({ control, treatment }: ProportionArms): number {
  const n = control.n + treatment.n;
  const successes = control.successes + treatment.successes;
  return Math.sqrt((successes / n) * ((n - successes) / n) * (1 / control.n + 1 / treatment.n));
}
