import { knownMoments, NO_MOMENTS, type Moments } from "./moments.ts";

/**
 * Moments of the union of disjoint sets, from the moments of each: days, shards or segments. Empty parts change nothing.
 *
 * Source: Chan, Golub & LeVeque (1979), "Updating formulae and a pairwise algorithm for computing sample variances".
 *
 * @throws LottyError `invalid_request` for parts that are not moments
 */
export function mergeMoments(parts: readonly Moments[]): Moments {
  return parts.reduce((merged, part, index) => mergeTwo(merged, part, `parts[${String(index)}]`), NO_MOMENTS);
}

function mergeTwo(left: Moments, right: Moments, name: string): Moments {
  const b = knownMoments(name, right);
  if (b === null) return left;
  const a = knownMoments("merged", left);
  if (a === null) return b;
  const n = a.n + b.n;
  const distance = b.mean - a.mean;
  return {
    n,
    mean: a.mean + distance * (b.n / n),
    m2: a.m2 + b.m2 + distance * distance * (a.n / n) * b.n,
  };
}
