import { checkEach, checkNumbers, checkSameLength, invalidInput } from "../input/check-input.ts";
import { findRoot } from "../numerics/find-root.ts";
import { effectFor } from "../power/normal-power.ts";
import { AT_START, continueBeyond, type Continuing } from "./crossing.ts";

/** Symmetric bounds of looks, and the test that they are planned for. */
export interface SequentialPlan {
  /** Share of the information at each look: rising, above 0, the last one 1. */
  readonly infoFractions: readonly number[];
  /** How large |z| has to be at each look; `null` where no size is enough. */
  readonly bounds: readonly (number | null)[];
}

/** A z-value whose tail is below any double. */
const FARTHEST = 39;

/**
 * Probability to cross a bound at any look, on whichever side, when z has the mean `drift` at the end.
 *
 * Source: Armitage, McPherson & Rowe (1969) for the integration; paths with a drift are weighed as those without by exp(drift x - drift²/2).
 *
 * @throws LottyError `invalid_request`
 */
export function sequentialPower(plan: SequentialPlan, drift: number): number {
  checkNumbers("finite", { drift });
  return powerAfter(survivorsOf(plan), drift);
}

/**
 * How many times as many subjects looks need as a single test of the same error and power, at most: those of the last look.
 *
 * Source: Jennison & Turnbull (2000), "Group sequential methods", section 2.4; computed from the bounds themselves.
 *
 * @param test two-sided error of the whole plan, and its power, above the error and below 1
 * @throws LottyError `invalid_request`
 */
export function sequentialInflation(
  plan: SequentialPlan,
  { alpha, power }: { readonly alpha: number; readonly power: number },
): number {
  const single = effectFor(power, { alpha });
  const survivors = survivorsOf(plan);
  const lacking = (drift: number): number => power - powerAfter(survivors, drift);
  if (lacking(single) <= 0) return 1;
  return (findRoot(lacking, { low: single, high: 4 * single }) / single) ** 2;
}

/** What has crossed no bound after the last look, without a drift. */
function survivorsOf({ bounds, infoFractions }: SequentialPlan): Continuing {
  checkSameLength({ infoFractions, bounds });
  checkEach("positive", "infoFractions", infoFractions);
  if (infoFractions.at(-1) !== 1) throw invalidInput("The last of infoFractions has to be 1.");
  return infoFractions.reduce((state, t, index) => {
    // After the last look nothing follows that the nodes would have to be fine for.
    const next = infoFractions[index + 1] ?? 2 * t - state.fraction;
    return continueBeyond(state, { t, z: bounds[index] ?? FARTHEST, next });
  }, AT_START);
}

function powerAfter({ masses }: Continuing, drift: number): number {
  return 1 - masses.reduce((sum, { weight, x }) => sum + weight * Math.exp(drift * x - (drift * drift) / 2), 0);
}
