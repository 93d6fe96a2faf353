import { checkEach, checkSameLength } from "../input/check-input.ts";
import { ascending, percentileOf } from "./percentile.ts";

/** Values of an arm, with the cluster that each comes from when a subject has several. */
export interface ArmValues {
  readonly values: readonly number[];
  /** One per value; values with the same cluster belong to one subject. */
  readonly clusters?: readonly (number | string)[];
}

/** Where a quantile of a sample lies, by the order statistics around it. */
interface QuantileBounds {
  readonly n: number;
  readonly quantile: number;
  /** Shares between which the sample's share below the true quantile lies 19 times out of 20. */
  readonly pLow: number;
  readonly pHigh: number;
  /** The values at these shares. */
  readonly qLow: number;
  readonly qHigh: number;
}

/** An estimated quantile and its uncertainty. */
export type QuantileEstimate =
  | (QuantileBounds & {
      readonly status: "ok";
      /** Standard error if all values were independent. */
      readonly seIndependent: number;
      /** How many clusters there are; `null` when none were given. */
      readonly clusters: number | null;
      /** How many times larger clusters make the variance; 1 without clusters. */
      readonly designEffect: number;
      readonly se: number;
    })
  /** The values around the quantile are all the same, or all clusters have the same share below it. */
  | (QuantileBounds & { readonly status: "zero_variance" })
  | { readonly status: "insufficient_data"; readonly n: number; readonly quantile: number }
  | { readonly status: "no_data"; readonly n: 0; readonly quantile: null };

/** The two-sided 95 % critical value that the estimate is defined with, whatever the level of the test. */
const CRITICAL = 1.959_963_984_540_054;

/** n has to exceed this times the odds for both shares to lie between 0 and 1: 1.96 squared. */
const LEAST_PER_ODDS = 3.8416;

/**
 * Estimates a quantile with a standard error from the order statistics around it.
 *
 * @param q above 0 and below 1
 * @throws LottyError `invalid_request`
 */
export function estimateQuantile(name: string, { values, clusters }: ArmValues, q: number): QuantileEstimate {
  checkEach("finite", `${name}.values`, values);
  if (clusters !== undefined) checkSameLength({ [`${name}.values`]: values, [`${name}.clusters`]: clusters });
  const n = values.length;
  if (n === 0) return { status: "no_data", n: 0, quantile: null };
  const sorted = ascending(values);
  const quantile = percentileOf(sorted, q);
  if (n <= LEAST_PER_ODDS * Math.max(q / (1 - q), (1 - q) / q)) return { status: "insufficient_data", n, quantile };
  const spread = Math.sqrt((q * (1 - q)) / n);
  const [pLow, pHigh] = [q - CRITICAL * spread, q + CRITICAL * spread];
  const [qLow, qHigh] = [percentileOf(sorted, pLow), percentileOf(sorted, pHigh)];
  const bounds = { n, quantile, pLow, pHigh, qLow, qHigh };
  if (qLow === qHigh) return { status: "zero_variance", ...bounds };
  const seIndependent = (qHigh - qLow) / (2 * CRITICAL);
  if (clusters === undefined) {
    return { status: "ok", ...bounds, seIndependent, clusters: null, designEffect: 1, se: seIndependent };
  }
  const counts = clusterCounts(
    values.map((value) => value <= quantile),
    clusters,
  );
  if (counts.length < 2) return { status: "insufficient_data", n, quantile };
  const designEffect = shareVariance(counts) / (spread * spread);
  if (designEffect === 0) return { status: "zero_variance", ...bounds };
  const se = seIndependent * Math.sqrt(designEffect);
  return { status: "ok", ...bounds, seIndependent, clusters: counts.length, designEffect, se };
}

/** Values of a cluster, and those among them that count. */
interface ClusterCount {
  readonly size: number;
  readonly counted: number;
}

function clusterCounts(counted: readonly boolean[], clusters: readonly (number | string)[]): readonly ClusterCount[] {
  const found = new Map<number | string, { size: number; counted: number }>();
  for (const [index, cluster] of clusters.entries()) {
    const count = found.get(cluster) ?? { size: 0, counted: 0 };
    count.size += 1;
    if (counted[index] === true) count.counted += 1;
    found.set(cluster, count);
  }
  return [...found.values()];
}

/** Variance of the share of values that count, as a ratio of means over independent clusters. */
function shareVariance(clusters: readonly ClusterCount[]): number {
  const total = clusters.reduce((sum, { size }) => sum + size, 0);
  const share = clusters.reduce((sum, { counted }) => sum + counted, 0) / total;
  // The residuals of the ratio sum to zero, so that their squares are those of the linearised variance.
  const squares = clusters.reduce((sum, { size, counted }) => sum + (counted - share * size) ** 2, 0);
  const meanSize = total / clusters.length;
  return squares / (clusters.length - 1) / clusters.length / meanSize ** 2;
}
