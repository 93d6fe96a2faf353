import { compareQuantiles, type QuantileEstimate } from "@lotty/stats";
import { intervalFields, NO_TEST, pFields, type ResultFields } from "./comparison-fields.ts";

interface VectorValues {
  readonly values: readonly number[];
  readonly cluster?: readonly (number | string)[];
}

/** Runs a case of `quantile`. */
export function quantile({
  control,
  treatment,
  q,
  alpha,
}: {
  readonly control: VectorValues;
  readonly treatment: VectorValues;
  readonly q: number;
  readonly alpha: number;
}): ResultFields {
  const arms = { control: armValues(control), treatment: armValues(treatment) };
  const result = compareQuantiles(arms, { q, alpha });
  const both = { control: estimateFields(result.control), treatment: estimateFields(result.treatment) };
  if (result.status !== "ok") return { ...both, diff: result.diff, se: null, z: null, ...NO_TEST };
  const { diff, se, z, interval } = result;
  return { ...both, diff, se, z, ...pFields(result), ...intervalFields(interval) };
}

function armValues({ values, cluster }: VectorValues): {
  values: readonly number[];
  clusters?: readonly (number | string)[];
} {
  return cluster === undefined ? { values } : { values, clusters: cluster };
}

function estimateFields(estimate: QuantileEstimate): ResultFields {
  if (estimate.status === "no_data" || estimate.status === "insufficient_data") return { ...estimate };
  const { status, n, quantile: value, pLow, pHigh, qLow, qHigh } = estimate;
  const bounds = { status, n, quantile: value, p_low: pLow, p_high: pHigh, q_low: qLow, q_high: qHigh };
  if (estimate.status === "zero_variance") return { ...bounds, se: null };
  const { seIndependent, clusters, designEffect, se } = estimate;
  return { ...bounds, se_iid: seIndependent, clusters, design_effect: designEffect, se };
}
