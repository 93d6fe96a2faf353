import { normalUpperQuantile } from "../distributions/normal.ts";
import { checkNumbers, invalidInput } from "../input/check-input.ts";
import { criticalValue, type PlannedTest } from "./normal-power.ts";
import type { ArmSizes, SampleSizes } from "./plan-means.ts";

/** What {@link sampleSizeForProportion} is asked. */
export interface ProportionSizeQuestion extends PlannedTest {
  /** Control's proportion, 0 to 1. */
  readonly baseline: number;
  /** Treatment's proportion that is to be told from it, 0 to 1. */
  readonly treatment: number;
  /** Above 0 and below 1. */
  readonly power: number;
  /** Treatment's size by control's, > 0; 1 by default. */
  readonly ratio?: number;
  /** Which variance the test takes under no effect: each arm's own, one of both together, or the baseline's. */
  readonly variance: "unpooled" | "pooled" | "baseline";
}

/**
 * Subjects needed to find a difference of proportions with a z-test, without the far side: as R's `power.prop.test` (pooled),
 * Evan Miller's calculator (baseline) and most others (unpooled).
 *
 * @throws LottyError `invalid_request`
 */
export function sampleSizeForProportion(question: ProportionSizeQuestion): SampleSizes {
  const { baseline, treatment, power, ratio = 1 } = question;
  checkNumbers("share", { baseline, treatment });
  checkNumbers("probability", { power });
  checkNumbers("positive", { ratio });
  if (baseline === treatment) throw invalidInput("treatment has to differ from baseline.");
  const underEffect = Math.sqrt(bernoulli(baseline) + bernoulli(treatment) / ratio);
  const root = criticalValue(question) * deviationUnderNone(question, ratio) - normalUpperQuantile(power) * underEffect;
  if (root <= 0) throw invalidInput("power has to be above alpha.");
  const nControlExact = (root / (treatment - baseline)) ** 2;
  return { nControlExact, nControl: Math.ceil(nControlExact), nTreatment: Math.ceil(nControlExact * ratio) };
}

/** Standard deviation of the difference, times √n of control, that the test assumes under no effect. */
function deviationUnderNone({ baseline, treatment, variance }: ProportionSizeQuestion, ratio: number): number {
  switch (variance) {
    case "unpooled":
      return Math.sqrt(bernoulli(baseline) + bernoulli(treatment) / ratio);
    case "pooled":
      return Math.sqrt(bernoulli((baseline + ratio * treatment) / (1 + ratio)) * (1 + 1 / ratio));
    case "baseline":
      return Math.sqrt(bernoulli(baseline) * (1 + 1 / ratio));
  }
}

/** Smallest rise of a proportion that can be found. */
export type DetectableProportionEffect =
  | {
      readonly status: "ok";
      readonly absolute: number;
      /** As a share of the baseline; `null` when that is 0. */
      readonly relative: number | null;
    }
  /** Even a proportion of 1 would not be told from the baseline. */
  | { readonly status: "impossible" };

/**
 * Smallest rise of a proportion that arms of these sizes find with probability `power`, with each arm's own variance.
 *
 * @throws LottyError `invalid_request`
 */
export function detectableProportionEffect(
  question: PlannedTest & ArmSizes & { readonly baseline: number; readonly power: number },
): DetectableProportionEffect {
  const { baseline, nControl, nTreatment, power } = question;
  checkNumbers("share", { baseline });
  checkNumbers("positive", { nControl, nTreatment });
  checkNumbers("probability", { power });
  const effect = criticalValue(question) - normalUpperQuantile(power);
  if (effect <= 0) throw invalidInput("power has to be above alpha.");
  // δ² = k² (p(1-p)/nC + (p+δ)(1-p-δ)/nT) is a quadratic equation in δ with one positive root.
  const perTreatment = (effect * effect) / nTreatment;
  const a = 1 + perTreatment;
  const half = (perTreatment * (1 - 2 * baseline)) / 2;
  const product = effect * effect * bernoulli(baseline) * (1 / nControl + 1 / nTreatment);
  const root = Math.sqrt(half * half + a * product);
  const absolute = half >= 0 ? (half + root) / a : product / (root - half);
  if (absolute > 1 - baseline || absolute === 0) return { status: "impossible" };
  return { status: "ok", absolute, relative: baseline === 0 ? null : absolute / baseline };
}

/** Variance of a single 0/1 value. */
function bernoulli(p: number): number {
  return p * (1 - p);
}
