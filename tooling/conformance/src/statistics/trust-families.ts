import { adjustPValues, sampleRatioSequence, testIndependence, testSampleRatio, type ArmCounts } from "@lotty/stats";
import { pFields, type ResultFields } from "./comparison-fields.ts";

/** Runs a case of `srm`. */
export function srm(input: ArmCounts): ResultFields {
  const result = testSampleRatio(input);
  if (result.status !== "ok") return { status: result.status, chi2: null, df: null, p: null, log10_p: null };
  return { status: result.status, chi2: result.chiSquared, df: result.df, ...pFields(result) };
}

/** Runs a case of `srm_sequential`. */
export function srmSequential(input: {
  readonly looks: readonly (readonly number[])[];
  readonly weights: readonly number[];
  readonly concentration: number;
}): ResultFields {
  return {
    looks: sampleRatioSequence(input).map((look) =>
      look.status === "ok"
        ? { log_bayes_factor: look.logBayesFactor, ...pFields(look) }
        : { status: look.status, log_bayes_factor: null, p: null, log10_p: null },
    ),
  };
}

/** Runs a case of `independence`. */
export function independence({ table }: { readonly table: readonly (readonly number[])[] }): ResultFields {
  const result = testIndependence(table);
  if (result.status !== "ok") return { status: result.status, chi2: null, df: null, p: null, log10_p: null };
  return { chi2: result.chiSquared, df: result.df, ...pFields(result) };
}

/** Runs a case of `multiple_testing`. */
export function multipleTesting(input: {
  readonly p_values: readonly (number | null)[];
  readonly alpha: number;
}): ResultFields {
  const corrections = ["bonferroni", "holm", "hochberg", "bh", "by"] as const;
  return Object.fromEntries(
    corrections.map((correction) => [correction, adjustPValues(input.p_values, { correction, alpha: input.alpha })]),
  );
}
