import type { ArmMoments } from "./arm-moments.ts";

/** What an arm's moments are made of. */
export type Moments = Pick<ArmMoments, "n" | "mean" | "m2">;

/**
 * Moments of all subjects of disjoint sets, from those of each set, in the given order. No digits get lost to cancellation.
 *
 * Source: Chan, Golub & LeVeque (1979), "Updating formulae and a pairwise algorithm for computing sample variances", for products.
 *
 * @param parts with the same columns
 */
export function mergeArmMoments(parts: readonly Moments[]): Moments {
  const [first, ...others] = parts.filter(({ n }) => n > 0);
  if (first === undefined) return { n: 0, mean: [], m2: [] };
  // Parts may say more about themselves, which is not true of the whole.
  const { m2, mean, n } = first;
  return others.reduce<Moments>(mergeTwo, { n, mean, m2 });
}

function mergeTwo(a: Moments, b: Moments): Moments {
  const n = a.n + b.n;
  const distance = a.mean.map((mean, column) => (b.mean[column] ?? 0) - mean);
  const factor = (a.n / n) * b.n;
  return {
    n,
    mean: a.mean.map((mean, column) => mean + (distance[column] ?? 0) * (b.n / n)),
    m2: a.m2.map((row, i) =>
      row.map((sum, j) => sum + (b.m2[i]?.[j] ?? 0) + (distance[i] ?? 0) * (distance[j] ?? 0) * factor),
    ),
  };
}
