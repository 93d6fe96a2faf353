import { entry } from "../linear-algebra/matrix.ts";

/**
 * The value below which a share of the values lies, with linear interpolation between neighbours: `percentile_cont` of Postgres,
 * the default of NumPy.
 *
 * @param sorted ascending, at least one value
 * @param share 0 to 1
 */
export function percentileOf(sorted: readonly number[], share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.min(Math.floor(position), sorted.length - 1);
  const low = entry(sorted, below);
  const high = sorted[below + 1] ?? low;
  return low + (position - below) * (high - low);
}

/** The values in ascending order; the list that was given stays as it was. */
export function ascending(values: readonly number[]): readonly number[] {
  return [...values].sort((a, b) => a - b);
}
