import { pointAtLogit, type BetaParameters } from "../distributions/beta.ts";
import { logBetaKernel, logIncompleteBeta } from "../distributions/incomplete-beta.ts";
import type { LogTails } from "../distributions/log-tails.ts";
import { checkNumbers } from "../input/check-input.ts";
import { panelNodes, type Node } from "../numerics/quadrature.ts";

/** Beliefs about the proportions of both arms: prior plus successes, prior plus failures. */
export interface BetaArms {
  readonly control: BetaParameters;
  readonly treatment: BetaParameters;
}

/** How two believed proportions compare. */
export interface BetaComparison {
  /** Probability that treatment's proportion is higher. */
  readonly pTreatmentBetter: number;
  /** By how much treatment falls short on average, counting 0 where it does not. */
  readonly lossIfShip: number;
  /** The same for control. */
  readonly lossIfKeep: number;
  /** Difference of the mean proportions. */
  readonly meanDiff: number;
}

/** Where the densities have fallen to e^-46 of their peak, twenty digits, nothing is left to add. */
const LOG_NEGLIGIBLE = -46;

/** Beyond this logit the smaller of x and 1 - x is no longer a double with all its digits. */
const FARTHEST_LOGIT = 700;

/**
 * Compares two proportions whose beliefs are beta distributions, by quadrature on the logit scale: no draws, the same answer
 * every time. O(√(α+β)) per node, less than a thousand nodes.
 *
 * Source: E[max(C - T, 0)] = ∫ P(T ≤ x) P(C > x) dx.
 *
 * @throws LottyError `invalid_request` for parameters that are not above 0
 */
export function compareBetaBeliefs({ control, treatment }: BetaArms): BetaComparison {
  for (const [name, { alpha, beta }] of Object.entries<BetaParameters>({ control, treatment })) {
    checkNumbers("positive", { [`${name}.alpha`]: alpha, [`${name}.beta`]: beta });
  }
  let pTreatmentBetter = betterBeyondGrid({ control, treatment });
  let lossIfShip = 0;
  let lossIfKeep = 0;
  for (const { x: logit, weight } of gridFor([control, treatment])) {
    const atControl = pointAtLogit(logit, control);
    const ofControl = logIncompleteBeta(atControl);
    const ofTreatment = logIncompleteBeta(pointAtLogit(logit, treatment));
    // dx = x y d(logit); the kernel has it already.
    const logWidth = Math.log(atControl.x) + Math.log(atControl.y);
    pTreatmentBetter += weight * Math.exp(logBetaKernel(atControl) + ofTreatment.upper);
    lossIfShip += weight * bothExceed(ofTreatment, ofControl, logWidth);
    lossIfKeep += weight * bothExceed(ofControl, ofTreatment, logWidth);
  }
  return { pTreatmentBetter, lossIfShip, lossIfKeep, meanDiff: meanDifference(control, treatment) };
}

/** P(one ≤ x) P(other > x) dx. */
function bothExceed(below: LogTails, above: LogTails, logWidth: number): number {
  return Math.exp(below.lower + above.upper + logWidth);
}

function meanDifference(control: BetaParameters, treatment: BetaParameters): number {
  const [c, t] = [control.alpha + control.beta, treatment.alpha + treatment.beta];
  return (treatment.alpha * control.beta - control.alpha * treatment.beta) / c / t;
}

/**
 * What the grid leaves out of P(T > C): beliefs with parameters far below 1 have mass that is closer to 0 or to 1 than doubles
 * get. There the distribution is a power of the distance, and of two powers the larger exponent is the farther away.
 */
function betterBeyondGrid({ control, treatment }: BetaArms): number {
  const below = (belief: BetaParameters): LogTails => logIncompleteBeta(pointAtLogit(-FARTHEST_LOGIT, belief));
  const above = (belief: BetaParameters): number => logIncompleteBeta(pointAtLogit(FARTHEST_LOGIT, belief)).upper;
  const bothLow = Math.exp(below(control).lower + below(treatment).lower);
  const onlyControlLow = Math.exp(below(control).lower + below(treatment).upper);
  const bothHigh = Math.exp(above(control) + above(treatment));
  return (
    onlyControlLow +
    bothLow * (treatment.alpha / (control.alpha + treatment.alpha)) +
    bothHigh * (control.beta / (control.beta + treatment.beta))
  );
}

/** The belief whose density on the logit scale is x y, which the losses have as a factor. */
const FLAT: BetaParameters = { alpha: 1, beta: 1 };

/** Panels that end wherever a panel of one of the beliefs ends, and fine enough between beliefs that are far apart. */
function gridFor(beliefs: readonly BetaParameters[]): readonly Node[] {
  const edges = [...beliefs, FLAT].flatMap((belief) => [modeOf(belief), ...edgesOf(belief, -1), ...edgesOf(belief, 1)]);
  return panelNodes([...new Set(edges)].sort((a, b) => a - b));
}

/** Logits from the mode outwards, at distances over which the density is smooth, to where it is negligible. */
function edgesOf(belief: BetaParameters, side: -1 | 1): readonly number[] {
  const mode = modeOf(belief);
  const logDensity = (logit: number): number => logBetaKernel(pointAtLogit(logit, belief));
  const least = logDensity(mode) + LOG_NEGLIGIBLE;
  const deviation = Math.sqrt(1 / belief.alpha + 1 / belief.beta);
  const edges: number[] = [];
  let edge = mode;
  do {
    // The function 1/(1 + e^-u) is smooth on the scale of 1 near 0, and the smoother the farther away.
    const widest = Math.max(2, Math.abs(edge) / 4);
    edge += side * Math.min(widest, Math.max(deviation, Math.abs(edge - mode) / 4));
    edge = Math.min(Math.max(edge, -FARTHEST_LOGIT), FARTHEST_LOGIT);
    edges.push(edge);
  } while (Math.abs(edge) < FARTHEST_LOGIT && logDensity(edge) > least);
  return edges;
}

function modeOf({ alpha, beta }: BetaParameters): number {
  return Math.log(alpha / beta);
}
