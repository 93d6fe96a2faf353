import { normalCdf, normalLogSf, normalPdf, normalUpperQuantile } from "../distributions/normal.ts";
import type { BoundedInterval } from "../comparisons/comparison.ts";
import { checkEach, checkNumbers, checkSameLength, invalidInput } from "../input/check-input.ts";
import { entry, type Vector } from "../linear-algebra/matrix.ts";
import { equalPanels, panelNodes, type Node } from "../numerics/quadrature.ts";

/** Lifts of several treatments over one control, as they were estimated. More is better. */
export interface LiftEvidence {
  /** One lift for each treatment, at least one. */
  readonly lifts: readonly number[];
  /** What each treatment's own noise adds to the variance of its lift, > 0. */
  readonly variances: readonly number[];
  /** How much each lift falls when control's noise rises by 1: 1 + lift for control's means above 0. Negated with lifts of what should fall. */
  readonly loadings: readonly number[];
  /** Variance of control's noise as a share of its mean, > 0. */
  readonly controlVariance: number;
}

/** What is believed beforehand, and how much is to be covered. */
export interface LiftBeliefOptions {
  /** Before the experiment every lift is normal around 0 with this standard deviation, > 0, and tells nothing of the others. */
  readonly priorSd: number;
  /** 1 less the probability of the credible intervals, above 0 and below 1. */
  readonly alpha: number;
}

/** What is believed of a treatment's lift. */
export interface LiftBelief {
  readonly mean: number;
  readonly sd: number;
  /** Credible interval with equal tails. */
  readonly interval: BoundedInterval;
  /** Probability that it is better than control. */
  readonly beatsControl: number;
  /** Probability that it is the best of all, control among them. */
  readonly best: number;
  /** How much lift is lost on average by choosing it instead of the best. */
  readonly expectedLoss: number;
}

/** What is believed of all arms. */
export interface LiftBeliefs {
  readonly control: Pick<LiftBelief, "best" | "expectedLoss">;
  readonly treatments: readonly LiftBelief[];
}

/** Standard deviations beyond which a normal density adds nothing. */
const REACH = 8.5;

/** Edges of the panels around a treatment's mean, in standard deviations. */
const EDGES = [0, 1.5, 3, 5, REACH];

/**
 * Beliefs about lifts over one control, whose noise they share: the more certain control is, the less they move together. Probabilities
 * and losses by quadrature over control's noise and the best lift: no draws, the same answer every time. O(k²) at about 20,000 k points.
 *
 * Source: the conjugate normal model; given control's noise the lifts are independent, P(i best) = ∫ φ_i Π Φ_j above 0.
 *
 * @throws LottyError `invalid_request`
 */
export function liftBeliefs(evidence: LiftEvidence, { alpha, priorSd }: LiftBeliefOptions): LiftBeliefs {
  const { controlVariance, lifts, loadings, variances } = evidence;
  checkSameLength({ lifts, variances, loadings });
  if (lifts.length === 0) throw invalidInput("There has to be a treatment.");
  checkEach("finite", "lifts", lifts);
  checkEach("finite", "loadings", loadings);
  checkEach("positive", "variances", variances);
  checkNumbers("positive", { controlVariance, priorSd });
  checkNumbers("probability", { alpha });
  const noise = controlNoise(evidence, priorSd);
  const arms = lifts.map((lift, index) => {
    const variance = entry(variances, index);
    const weight = priorSd ** 2 / (priorSd ** 2 + variance);
    return { lift, loading: entry(loadings, index), weight, own: Math.sqrt(weight * variance) };
  });
  const quantile = normalUpperQuantile(alpha / 2);
  const reached = reachedOver(arms, noise);
  const treatments = arms.map(({ lift, loading, own, weight }, index): LiftBelief => {
    const mean = weight * (lift + loading * noise.mean);
    const sd = Math.hypot(own, weight * loading * noise.sd);
    return {
      mean,
      sd,
      interval: { low: mean - quantile * sd, high: mean + quantile * sd },
      beatsControl: normalCdf(mean / sd),
      best: entry(reached.best, index),
      expectedLoss: Math.max(0, reached.largest - mean),
    };
  });
  return { control: { best: reached.controlBest, expectedLoss: reached.largest }, treatments };
}

/** A treatment given control's noise: normal around weight (lift + loading noise). */
interface GivenControl {
  readonly lift: number;
  readonly loading: number;
  readonly weight: number;
  /** Its standard deviation when control's noise is known. */
  readonly own: number;
}

interface Noise {
  readonly mean: number;
  readonly sd: number;
}

/** What the lifts tell of control's noise: all of them high is a low control, as far as the prior doubts high lifts. */
function controlNoise({ controlVariance, lifts, loadings, variances }: LiftEvidence, priorSd: number): Noise {
  let precision = 1 / controlVariance;
  let pull = 0;
  for (const [index, lift] of lifts.entries()) {
    const total = priorSd ** 2 + entry(variances, index);
    const loading = entry(loadings, index);
    precision += (loading * loading) / total;
    pull -= (loading * lift) / total;
  }
  return { mean: pull / precision, sd: 1 / Math.sqrt(precision) };
}

interface Reached {
  readonly best: Vector;
  readonly controlBest: number;
  /** Mean of the largest lift, 0 where none is above it. */
  readonly largest: number;
}

function reachedOver(arms: readonly GivenControl[], noise: Noise): Reached {
  const best = arms.map(() => 0);
  let controlBest = 0;
  let largest = 0;
  for (const { weight: width, x: at } of panelNodes(equalPanels(-REACH, REACH, noisePanels(arms, noise)))) {
    const density = width * normalPdf(at);
    const given = arms.map(({ lift, loading, own, weight }) => ({
      mean: weight * (lift + loading * (noise.mean + at * noise.sd)),
      sd: own,
    }));
    controlBest += density * Math.exp(given.reduce((sum, { mean, sd }) => sum + normalLogSf(mean / sd), 0));
    for (const { weight, x } of nodesAbove(given)) {
      const logsBelow = given.map(({ mean, sd }) => normalLogSf((mean - x) / sd));
      const all = logsBelow.reduce((sum, log) => sum + log, 0);
      largest -= density * weight * Math.expm1(all);
      for (const [index, { mean, sd }] of given.entries()) {
        const others = Math.exp(all - entry(logsBelow, index));
        best[index] = entry(best, index) + (density * weight * others * normalPdf((x - mean) / sd)) / sd;
      }
    }
  }
  return { best, controlBest, largest };
}

/**
 * Panels over control's noise: where it moves a lift by much more than the lift's own uncertainty, who is best changes within a small part
 * of it. With 16 points each, good to nine digits.
 */
function noisePanels(arms: readonly GivenControl[], noise: Noise): number {
  const swings = arms.map(({ loading, own, weight }) => (Math.abs(weight * loading) * noise.sd) / own);
  return Math.min(MOST_PANELS, Math.ceil((2 * REACH * Math.max(0.3, ...swings)) / 3));
}

const MOST_PANELS = 100;

/** Points above 0, where a treatment beats control, fine enough for every arm. */
function nodesAbove(arms: readonly Noise[]): readonly Node[] {
  const edges = arms.flatMap(({ mean, sd }) => EDGES.flatMap((edge) => [mean - edge * sd, mean + edge * sd]));
  const above = [...new Set([0, ...edges])].filter((edge) => edge >= 0).sort((a, b) => a - b);
  return above.length < 2 ? [] : panelNodes(above);
}
