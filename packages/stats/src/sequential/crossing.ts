import { normalPdf, normalSf } from "../distributions/normal.ts";
import { equalPanels, panelNodes, type Node } from "../numerics/quadrature.ts";

/**
 * A test statistic that has stayed between its bounds so far. On the scale of information it is a Brownian motion: after
 * fraction t of the information it has the variance t, and a z-value times √t is its place.
 */
export interface Continuing {
  readonly fraction: number;
  /** The places it may be at, with the probability mass that each node stands for. */
  readonly masses: readonly Node[];
}

/** The start, before any information: certainly at 0. */
export const AT_START: Continuing = { fraction: 0, masses: [{ x: 0, weight: 1 }] };

/** Panels per standard deviation of a step; with 16 points each, integrals are good to 12 digits. */
const PANELS_PER_DEVIATION = 0.5;

/** Beyond so many standard deviations there is no mass that a double holds. */
const FARTHEST = 38;

/** Probability that the upper bound `z` is crossed at fraction `t`, and no bound before. The lower one is as likely. */
export function crossingProbability(before: Continuing, t: number, z: number): number {
  const deviation = Math.sqrt(t - before.fraction);
  const bound = z * Math.sqrt(t);
  return before.masses.reduce((sum, { x, weight }) => sum + weight * normalSf((bound - x) / deviation), 0);
}

/** A look, and the one that comes after it. */
export interface LookAhead {
  /** Information fraction. */
  readonly t: number;
  /** Its bounds are ±`z`. */
  readonly z: number;
  /** Information fraction of the next look. */
  readonly next: number;
}

/** What continues after a look. O(nodes²). */
export function continueBeyond(before: Continuing, { t, z, next }: LookAhead): Continuing {
  const deviation = Math.sqrt(t - before.fraction);
  const bound = Math.min(z, FARTHEST) * Math.sqrt(t);
  // Fine enough for the step that led here and for the one that leads on.
  const finest = Math.min(deviation, Math.sqrt(next - t));
  const nodes = panelNodes(equalPanels(-bound, bound, Math.ceil((PANELS_PER_DEVIATION * 2 * bound) / finest)));
  const density = (place: number): number =>
    before.masses.reduce((sum, { x, weight }) => sum + weight * normalPdf((place - x) / deviation), 0) / deviation;
  return { fraction: t, masses: nodes.map(({ x, weight }) => ({ x, weight: weight * density(x) })) };
}
