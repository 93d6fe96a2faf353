import gammaln from "@stdlib/math-base-special-gammaln";

/** From here on the series with the terms below is exact to double precision. */
const SERIES_FROM = 15;

const HALF_LOG_TWO_PI = 0.918_938_533_204_672_8;

/**
 * What Stirling's formula leaves out: ln Γ(z) - ((z - ½) ln z - z + ½ ln 2π), for z > 0. Differences of log-gammas of large
 * arguments lose all their digits; what remains after the leading terms are cancelled by hand does not.
 *
 * Source: Loader (2000), "Fast and accurate computation of binomial probabilities", section 2.
 */
export function stirlingError(z: number): number {
  if (z < SERIES_FROM) return gammaln(z) - ((z - 0.5) * Math.log(z) - z + HALF_LOG_TWO_PI);
  const square = z * z;
  return (
    (1 / 12 -
      (1 / 360 - (1 / 1260 - (1 / 1680 - (1 / 1188 - 691 / 360_360 / square) / square) / square) / square) / square) /
    z
  );
}
