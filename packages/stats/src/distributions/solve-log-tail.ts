/** A tail probability at a point of the real line, with what Newton's method needs. */
export interface TailAtPoint {
  /** ln of the tail. */
  readonly logTail: number;
  /** ln of the absolute derivative of the tail (not of its logarithm) with respect to the point. */
  readonly logSlope: number;
}

/** What {@link solveLogTail} solves. */
export interface TailEquation {
  /** ln of the tail that is asked for. */
  readonly logTarget: number;
  /** Whether the tail grows (1) or shrinks (-1) with the point. */
  readonly direction: 1 | -1;
  readonly start: number;
  readonly tailAt: (point: number) => TailAtPoint;
}

/** Newton's method doubles the digits per step; from a bad start it first needs some to get near. */
const MAX_STEPS = 200;

/** A step below this changes nothing that a double shows. */
const PRECISION = 2 ** -51;

/** Beyond this, e to the power of the point is no double any more: the quantile is 0 or 1 itself. */
const FARTHEST = 740;

/**
 * The point of the real line at which a tail probability has a given logarithm, by Newton's method on the logarithm of the
 * tail. The distributions here have log-concave densities in the variable they are solved in, so that the logarithm of the tail
 * is concave, and the method approaches the point from one side after the first step. Where the tail falls off faster than any
 * power of the variable (an upper tail in ln x), it must not start far on the flat side: the first step would overshoot.
 *
 * Reads as the logarithm (or logit) of a quantile; clamped to ±740.
 */
export function solveLogTail({ logTarget, direction, start, tailAt }: TailEquation): number {
  let point = start;
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const { logTail, logSlope } = tailAt(point);
    const move = -direction * (logTail - logTarget) * Math.exp(logTail - logSlope);
    point = Math.min(Math.max(point + move, -FARTHEST), FARTHEST);
    if (Math.abs(move) <= PRECISION * Math.max(1, Math.abs(point)) || Math.abs(point) === FARTHEST) break;
  }
  return point;
}
