import { entry } from "../linear-algebra/matrix.ts";
import { checkCoMoments, columnsOf, pooledCoMoments, type CoMoments } from "./co-moments.ts";

/** Co-moments of nobody. */
export const NO_CO_MOMENTS: CoMoments = Object.freeze({ n: 0, mean: [], m2: [] });

/**
 * Co-moments of the union of disjoint sets, from those of each, as `mergeMoments` does for one column. Empty parts change nothing.
 *
 * @throws LottyError `invalid_request` for parts that are not co-moments, or have different columns
 */
export function mergeCoMoments(parts: readonly CoMoments[]): CoMoments {
  const columns = columnsOf(parts);
  for (const [index, part] of parts.entries()) checkCoMoments(`parts[${String(index)}]`, part, columns);
  return parts.reduce((merged, part) => {
    if (part.n === 0) return merged;
    if (merged.n === 0) return { n: part.n, mean: part.mean, m2: part.m2 };
    const n = merged.n + part.n;
    const mean = merged.mean.map((value, i) => value + (entry(part.mean, i) - value) * (part.n / n));
    return { n, mean, m2: pooledCoMoments(merged, part) };
  }, NO_CO_MOMENTS);
}
