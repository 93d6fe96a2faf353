/** One arm of an experiment as it was meant and as it came out. */
export interface ArmCount {
  /** Share relative to the sum of all weights. */
  readonly weight: number;
  readonly subjects: number;
}

/** Pearson's chi-square test of counts against weights. */
export interface SampleRatioTest {
  readonly chiSquare: number;
  /** Degrees of freedom: the arms with a weight, less one. */
  readonly degrees: number;
  /** How often a fair draw comes out at least as uneven, 0 to 1. */
  readonly pValue: number;
}

/**
 * Tests whether subjects were spread over the arms of an experiment as the weights say. Subjects of an arm without a weight,
 * which must not be, make the p-value 0.
 *
 * @returns `null` when there is nothing to compare: fewer than two arms with a weight, or no subjects
 */
export function testSampleRatio(arms: readonly ArmCount[]): SampleRatioTest | null {
  const weighted = arms.filter(({ weight }) => weight > 0);
  const subjects = arms.reduce((sum, arm) => sum + arm.subjects, 0);
  if (weighted.length < 2 || subjects === 0) return null;
  const degrees = weighted.length - 1;
  if (arms.some((arm) => arm.weight === 0 && arm.subjects > 0)) return { chiSquare: Infinity, degrees, pValue: 0 };
  const weights = weighted.reduce((sum, { weight }) => sum + weight, 0);
  const chiSquare = weighted.reduce((sum, arm) => {
    const expected = (subjects * arm.weight) / weights;
    return sum + (arm.subjects - expected) ** 2 / expected;
  }, 0);
  return { chiSquare, degrees, pValue: chiSquareTail(chiSquare, degrees) };
}

/** Probability that a chi-square variable of so many degrees of freedom is at least `value`. */
function chiSquareTail(value: number, degrees: number): number {
  return upperGamma(degrees / 2, value / 2);
}

/** Where the series and the continued fraction stop: further terms change nothing at double precision. */
const PRECISION = 1e-15;
const MAX_TERMS = 10_000;

/** The regularised upper incomplete gamma function Q(a, x), for `a` > 0 and `x` ≥ 0. */
function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1;
  // Each form converges quickly on its side of this line.
  return x < a + 1 ? 1 - lowerGammaSeries(a, x) : upperGammaFraction(a, x);
}

/** P(a, x) by its power series. */
function lowerGammaSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < MAX_TERMS && term > sum * PRECISION; n += 1) {
    term *= x / (a + n);
    sum += term;
  }
  return sum * Math.exp(a * Math.log(x) - x - logGamma(a));
}

/** Q(a, x) by its continued fraction, evaluated from the front. */
function upperGammaFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = Infinity;
  let d = 1 / b;
  let product = d;
  for (let n = 1; n < MAX_TERMS; n += 1) {
    const numerator = n * (a - n);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    const factor = c * d;
    product *= factor;
    if (Math.abs(factor - 1) < PRECISION) break;
  }
  return product * Math.exp(a * Math.log(x) - x - logGamma(a));
}

/** Above this, the Stirling series with the terms below is exact to double precision. */
const STIRLING_FROM = 15;

/** ln Γ(a) for `a` > 0: moved up to where the Stirling series holds. */
function logGamma(a: number): number {
  let shift = 0;
  let z = a;
  for (; z < STIRLING_FROM; z += 1) shift -= Math.log(z);
  const square = 1 / (z * z);
  const series = (1 / 12 - (1 / 360 - (1 / 1260 - square / 1680) * square) * square) / z;
  return shift + (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series;
}
