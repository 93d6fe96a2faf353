import { normalLogSf, normalPdf } from "../distributions/normal.ts";
import { checkEach, checkNumbers, checkSameLength, invalidInput } from "../input/check-input.ts";
import { entry, type Vector } from "../linear-algebra/matrix.ts";
import { panelNodes } from "../numerics/quadrature.ts";

/** Independent normal beliefs about the arms. */
export interface ArmBeliefs {
  readonly means: readonly number[];
  /** Standard deviations, > 0, one per arm. */
  readonly ses: readonly number[];
}

/** How arms are ranked. */
export interface BestArmOptions {
  /** Whether more is better. */
  readonly maximize: boolean;
  /** Share of the traffic that every arm keeps, 0 to 1. */
  readonly floor: number;
}

/** Which arm is best. */
export interface BestArm {
  /** Probability of each arm to be the best. */
  readonly pBest: readonly number[];
  /** How much is lost on average by choosing the arm. */
  readonly expectedLoss: readonly number[];
  /** Traffic by probability to be best, on top of the floor; equal when the floors take everything. */
  readonly weights: readonly number[];
}

/** Distances from an arm's mean, in its standard deviations, at which panels of the quadrature end. */
const EDGES = [0, 0.5, 1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8.5, 10];

/**
 * The probability of each arm to be the best, and what choosing it costs, by quadrature instead of draws. O(k³).
 *
 * Source: P(i best) = ∫ φ_i Π Φ_j; E[max - X_i] = ∫ Φ_i (1 - Π Φ_j), j ≠ i, which has nothing in it that cancels.
 *
 * @throws LottyError `invalid_request`
 */
export function bestArm({ means, ses }: ArmBeliefs, { maximize, floor }: BestArmOptions): BestArm {
  checkSameLength({ means, ses });
  checkEach("finite", "means", means);
  checkEach("positive", "ses", ses);
  checkNumbers("share", { floor });
  if (means.length === 0) throw invalidInput("There has to be an arm.");
  const arms = means.map((mean, index) => ({ mean: maximize ? mean : -mean, se: ses[index] ?? Number.NaN }));
  const points = panelNodes(edgesOf(arms)).map(({ x, weight }) => ({
    weight,
    densities: arms.map(({ mean, se }) => normalPdf((x - mean) / se) / se),
    logsBelow: arms.map(({ mean, se }) => normalLogSf((mean - x) / se)),
  }));
  const integrate = (valueOf: (point: PointOfArms) => number): number =>
    points.reduce((sum, point) => sum + point.weight * valueOf(point), 0);
  const pBest = arms.map((_, own) =>
    integrate((point) => entry(point.densities, own) * Math.exp(logOthersBelow(point, own))),
  );
  const expectedLoss = arms.map((_, own) =>
    integrate((point) => Math.exp(entry(point.logsBelow, own)) * -Math.expm1(logOthersBelow(point, own))),
  );
  return { pBest, expectedLoss, weights: trafficOf(pBest, floor) };
}

interface Arm {
  readonly mean: number;
  readonly se: number;
}

/** What is needed of all arms at a node of the quadrature. */
interface PointOfArms {
  readonly densities: Vector;
  /** ln of each arm's probability to be below. */
  readonly logsBelow: Vector;
}

/** ln of the probability that all arms but one are below. */
function logOthersBelow({ logsBelow }: PointOfArms, except: number): number {
  return logsBelow.reduce((sum, log, index) => (index === except ? sum : sum + log), 0);
}

/** Panels fine enough for the narrowest arm where it is, and wide enough for the widest. */
function edgesOf(arms: readonly Arm[]): readonly number[] {
  const edges = arms.flatMap(({ mean, se }) => EDGES.flatMap((edge) => [mean - edge * se, mean + edge * se]));
  return [...new Set(edges)].sort((a, b) => a - b);
}

function trafficOf(pBest: readonly number[], floor: number): readonly number[] {
  const free = 1 - pBest.length * floor;
  return pBest.map((p) => (free <= 0 ? 1 / pBest.length : floor + free * p));
}
