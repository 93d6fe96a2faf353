import { checkNumbers, invalidInput } from "../input/check-input.ts";
import { differenceOfProducts } from "../numerics/difference-of-products.ts";

/** How many of the subjects of an arm did something. */
export interface Proportion {
  /** Subjects, ≥ 0. */
  readonly n: number;
  /** From 0 to n. */
  readonly successes: number;
}

/** Control and treatment of a metric that each subject either shows or not. */
export interface ProportionArms {
  readonly control: Proportion;
  readonly treatment: Proportion;
}

/**
 * Checks the counts of both arms.
 *
 * @throws LottyError `invalid_request`
 */
export function checkProportions(arms: ProportionArms): void {
  for (const [name, { n, successes }] of Object.entries<Proportion>({ ...arms })) {
    checkNumbers("count", { [`${name}.n`]: n, [`${name}.successes`]: successes });
    if (successes > n) throw invalidInput(`${name} has more successes than subjects.`);
  }
}

/** Share of the successes; needs n > 0. */
export function shareOf({ n, successes }: Proportion): number {
  return successes / n;
}

/** p (1 - p) / n, with the failures counted and not subtracted. */
export function shareVariance({ n, successes }: Proportion): number {
  return ((successes / n) * ((n - successes) / n)) / n;
}

/** Treatment's share less control's, with the digits of the counts. */
export function shareDifference({ control, treatment }: ProportionArms): number {
  const crossed = differenceOfProducts([treatment.successes, control.n], [control.successes, treatment.n]);
  return crossed / control.n / treatment.n;
}
