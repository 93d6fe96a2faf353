import { solveNormalEquations } from "../linear-algebra/solve-normal-equations.ts";
import { dot, entry, entryAt, type Vector } from "../linear-algebra/matrix.ts";
import type { CoMoments } from "../moments/co-moments.ts";
import { withoutRounding } from "./residual-sum.ts";

/** The regression of an arm's first column on the others. */
export interface Regression {
  /** Slopes by covariate. */
  readonly theta: Vector;
  /** Sum of the squared residuals. */
  readonly residual: number;
}

/** Least squares within an arm; covariates that do not vary or repeat others get the slope 0. */
export function regress({ m2 }: CoMoments): Regression {
  const cross = (m2[0] ?? []).slice(1);
  const theta = solveNormalEquations(
    m2.slice(1).map((row) => row.slice(1)),
    cross,
  );
  const total = entryAt(m2, 0, 0);
  return { theta, residual: withoutRounding(total - dot(theta, cross), total) };
}

/** The means of the covariates. */
export function covariateMeans({ mean }: CoMoments): Vector {
  return mean.slice(1);
}

/** The mean of the metric itself. */
export function metricMean({ mean }: CoMoments): number {
  return entry(mean, 0);
}
