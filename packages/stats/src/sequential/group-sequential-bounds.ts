import { normalSf, normalUpperQuantile } from "../distributions/normal.ts";
import { checkNumbers, invalidInput } from "../input/check-input.ts";
import { findRoot } from "../numerics/find-root.ts";
import { AT_START, continueBeyond, crossingProbability, type Continuing } from "./crossing.ts";
import { spentAt, type Spending } from "./spending.ts";

/** A plan of looks at an experiment with a planned end. */
export interface SpendingPlan {
  /** Share of the planned information at each look: rising by at least 0.0001, above 0, at most 1. */
  readonly infoFractions: readonly number[];
  /** Two-sided error over all looks, above 0 and below 1. */
  readonly alpha: number;
  readonly spending: Spending;
}

/** The symmetric bound of one look. */
export interface LookBound {
  /** The test rejects when |z| is at least this; `null` when the plan spends less than any double at this look. */
  readonly z: number | null;
  /** Two-sided p-value that goes with z; 0 without one. */
  readonly nominalP: number;
  /** Two-sided error spent up to and with this look. */
  readonly cumulativeAlpha: number;
}

/** Steps between looks below this would take too many nodes to integrate over. */
const SMALLEST_STEP = 1e-4;

/** A z-value whose tail is below any double. */
const FARTHEST = 39;

/**
 * Bounds for looks at an experiment with a planned end, such that over all looks a false alarm happens with probability alpha:
 * symmetric, without stopping for futility. Looks may be moved as long as the past ones stay: spent is spent.
 *
 * Source: Lan & DeMets (1983) for the spending; Armitage, McPherson & Rowe (1969) for the integration.
 *
 * @throws LottyError `invalid_request`
 */
export function groupSequentialBounds({ infoFractions, alpha, spending }: SpendingPlan): readonly LookBound[] {
  checkNumbers("probability", { alpha });
  checkFractions(infoFractions);
  const bounds: LookBound[] = [];
  let state = AT_START;
  let spent = 0;
  for (const [index, t] of infoFractions.entries()) {
    const total = spentAt(t, alpha / 2, spending);
    const z = boundFor(state, t, total - spent);
    bounds.push({ z, nominalP: z === null ? 0 : 2 * normalSf(z), cumulativeAlpha: 2 * total });
    const next = infoFractions[index + 1];
    if (next !== undefined) state = continueBeyond(state, { t, z: z ?? FARTHEST, next });
    spent = total;
  }
  return bounds;
}

/** The bound at fraction `t` that is crossed upwards with probability `level`. */
function boundFor(state: Continuing, t: number, level: number): number | null {
  if (level <= 0) return null;
  if (state.fraction === 0) return normalUpperQuantile(level);
  const logLevel = Math.log(level);
  const excess = (z: number): number => Math.log(crossingProbability(state, t, z)) - logLevel;
  return findRoot(excess, { low: -FARTHEST, high: FARTHEST });
}

function checkFractions(fractions: readonly number[]): void {
  let before = 0;
  for (const fraction of fractions) {
    if (!(fraction >= before + SMALLEST_STEP && fraction <= 1)) {
      throw invalidInput("infoFractions have to rise by at least 0.0001, from above 0 to at most 1.");
    }
    before = fraction;
  }
}
