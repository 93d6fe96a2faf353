import { logBetaKernel, logIncompleteBeta } from "./incomplete-beta.ts";
import { normalUpperQuantile } from "./normal.ts";
import { solveLogTail } from "./solve-log-tail.ts";

/** Probability that a Student t variable with `degrees` > 0 degrees of freedom exceeds `t`. */
export function tSf(t: number, degrees: number): number {
  return Math.exp(tLogSf(t, degrees));
}

/** ln of {@link tSf}, a number where the probability itself underflows. */
export function tLogSf(t: number, degrees: number): number {
  const beyond = tailsAt(Math.abs(t), degrees).outside - Math.LN2;
  return t >= 0 ? beyond : Math.log1p(-Math.exp(beyond));
}

/** The value that a Student t variable does not exceed with probability `p`, 0 < p < 1. */
export function tQuantile(p: number, degrees: number): number {
  return p >= 0.5 ? tUpperQuantile(1 - p, degrees) : -tUpperQuantile(p, degrees);
}

/** Above this the quantile is found from the probability between -t and t, which near the centre has more digits than p. */
const CENTRAL_FROM = 0.25;

/** The value that a Student t variable exceeds with probability `p`, 0 < p < 1. */
export function tUpperQuantile(p: number, degrees: number): number {
  if (p > 0.5) return -tUpperQuantile(1 - p, degrees);
  if (p === 0.5) return 0;
  const central = p > CENTRAL_FROM;
  const logT = solveLogTail({
    logTarget: Math.log(central ? 1 - 2 * p : 2 * p),
    direction: central ? 1 : -1,
    start: Math.log(normalUpperQuantile(p)),
    tailAt: (u) => {
      const { outside, inside, slope } = tailsAt(Math.exp(u), degrees);
      return { logTail: central ? inside : outside, logSlope: slope };
    },
  });
  return Math.exp(logT);
}

/** Natural logarithms of what there is to know about the distance `t` ≥ 0 from the centre. */
interface TailsAtDistance {
  /** Of the probability to be farther away, on either side. */
  readonly outside: number;
  /** Of the probability not to be. */
  readonly inside: number;
  /** Of the change of both with ln t. */
  readonly slope: number;
}

/** Where t² would overflow; the tail is a power of t long before. */
const POWER_FROM = 1e150;

function tailsAt(t: number, degrees: number): TailsAtDistance {
  // The tail is I_x(ν/2, 1/2) at x = ν/(ν + t²) (DLMF 8.17, Abramowitz & Stegun 26.7.1).
  const [a, b] = [degrees / 2, 0.5];
  const scaled = t / Math.sqrt(degrees);
  if (scaled > POWER_FROM) {
    // x^a / (a B(a, b)), with the beta function from its kernel at ½.
    const slope = -degrees * Math.log(scaled) + logBetaKernel({ x: 0.5, y: 0.5, a, b }) + (a + b) * Math.LN2;
    return { outside: slope - Math.log(a), inside: 0, slope: Math.LN2 + slope };
  }
  const square = scaled * scaled;
  const point = { x: 1 / (1 + square), y: square / (1 + square), a, b };
  const { lower, upper } = logIncompleteBeta(point);
  // The derivative by ln x is the kernel over y, and that of ln x by ln t is -2y.
  return { outside: lower, inside: upper, slope: Math.LN2 + logBetaKernel(point) };
}
