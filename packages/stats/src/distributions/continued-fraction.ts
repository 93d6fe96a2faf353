/** A term of a continued fraction b0 + a1/(b1 + a2/(b2 + …)). */
export interface FractionTerm {
  readonly a: number;
  readonly b: number;
}

/** Where further terms change nothing at double precision. */
const PRECISION = 2 ** -53;

/** Stands in for a denominator that comes out as zero. */
const TINY = 1e-300;

/** The fractions here need about the square root of their largest parameter; this is enough for parameters of 10¹². */
const MAX_TERMS = 5_000_000;

/**
 * The value of b0 + a1/(b1 + a2/(b2 + …)), evaluated from the front by the modified Lentz method.
 *
 * @param term the terms from the first on
 * Source: Thompson & Barnett (1986), "Coulomb and Bessel functions of complex arguments and order".
 */
export function continuedFraction(b0: number, term: (index: number) => FractionTerm): number {
  let value = b0 === 0 ? TINY : b0;
  let c = value;
  let d = 0;
  for (let index = 1; index <= MAX_TERMS; index += 1) {
    const { a, b } = term(index);
    d = nonZero(b + a * d);
    c = nonZero(b + a / c);
    d = 1 / d;
    const factor = c * d;
    value *= factor;
    if (Math.abs(factor - 1) <= PRECISION) break;
  }
  return value;
}

function nonZero(value: number): number {
  return value === 0 ? TINY : value;
}
