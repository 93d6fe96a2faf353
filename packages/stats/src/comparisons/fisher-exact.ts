import { checkProportions, type ProportionArms } from "./proportions.ts";

/** Tables within this factor of the observed one's probability count as equally probable, as in R and SciPy. */
const TIE = 1 + 1e-7;

/** Fisher's exact test of two proportions. */
export type FisherExactTest =
  | {
      readonly status: "ok";
      /** All tables at most as probable as the observed one. */
      readonly pTwoSided: number;
      /** Treatment at least as much higher. */
      readonly pGreater: number;
      /** Treatment at least as much lower. */
      readonly pLess: number;
      /** Two-sided with only half of the observed table: less conservative. */
      readonly pTwoSidedMid: number;
    }
  | { readonly status: "no_data" };

/**
 * Fisher's exact test, for few successes or failures. O(number of possible tables).
 *
 * @throws LottyError `invalid_request`
 */
export function fisherExact(arms: ProportionArms): FisherExactTest {
  checkProportions(arms);
  if (arms.control.n === 0 || arms.treatment.n === 0) return { status: "no_data" };
  const { weights, observed } = tableWeights(arms);
  const own = weights[observed] ?? 0;
  const total = sum(weights);
  const twoSided = sum(weights.filter((weight) => weight <= own * TIE)) / total;
  return {
    status: "ok",
    pTwoSided: Math.min(1, twoSided),
    pGreater: Math.min(1, sum(weights.slice(observed)) / total),
    pLess: Math.min(1, sum(weights.slice(0, observed + 1)) / total),
    pTwoSidedMid: Math.max(0, Math.min(1, twoSided) - own / total / 2),
  };
}

/** Every possible table's probability relative to the most probable one, by treatment's successes. */
function tableWeights({ control, treatment }: ProportionArms): {
  readonly weights: readonly number[];
  readonly observed: number;
} {
  const successes = control.successes + treatment.successes;
  const fewest = Math.max(0, successes - control.n);
  const most = Math.min(treatment.n, successes);
  const mode = Math.min(
    most,
    Math.max(fewest, Math.floor(((treatment.n + 1) * (successes + 1)) / (treatment.n + control.n + 2))),
  );
  /** Probability of k + 1 successes of treatment relative to that of k. */
  const step = (k: number): number =>
    (((treatment.n - k) / (k + 1)) * (successes - k)) / (control.n - successes + k + 1);
  const weights = Array.from({ length: most - fewest + 1 }, () => 1);
  for (let k = mode; k < most; k += 1) weights[k - fewest + 1] = (weights[k - fewest] ?? 0) * step(k);
  for (let k = mode - 1; k >= fewest; k -= 1) weights[k - fewest] = (weights[k - fewest + 1] ?? 0) / step(k);
  return { weights, observed: treatment.successes - fewest };
}

/** Sum from the small to the large, which keeps the small. */
function sum(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b).reduce((total, value) => total + value, 0);
}
