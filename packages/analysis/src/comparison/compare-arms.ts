import type { MomentColumn } from "@lotty/domain";
import {
  compareAdjusted,
  compareAdjustedRatios,
  compareMeans,
  compareRatios,
  type CoMoments,
  type Comparison,
  type Moments,
} from "@lotty/stats";
import type { ArmPair } from "./arms.ts";

/** How treatment compares with control, whatever kind of metric it is. */
export interface ArmComparison {
  readonly comparison: Comparison;
  /** Share of the variance that covariates took away; `null` without any. */
  readonly varianceReduction: number | null;
}

/** Compares two arms at a level. */
export type Comparer = (arms: ArmPair, alpha: number) => ArmComparison;

/**
 * The comparison that suits columns: of means or of ratios, adjusted by the covariates that there are.
 *
 * @param columns in the order of `columnsIn`
 */
export function comparerFor(columns: readonly MomentColumn[]): Comparer {
  const ratio = columns.includes("denominator");
  const adjusted = columns.includes("covariate");
  return (arms, alpha) => {
    if (!adjusted) {
      const comparison = ratio ? compareRatios(arms, { alpha }) : compareMeans(plain(arms), { alpha });
      return { comparison, varianceReduction: null };
    }
    const comparison = ratio ? compareAdjustedRatios(arms, { alpha }) : compareAdjusted(arms, { alpha });
    return { comparison, varianceReduction: comparison.varianceReduction };
  };
}

function plain({ control, treatment }: ArmPair): { readonly control: Moments; readonly treatment: Moments } {
  return { control: firstColumn(control), treatment: firstColumn(treatment) };
}

/** The moments of the first column. */
export function firstColumn({ n, mean, m2 }: CoMoments): Moments {
  return { n, mean: mean[0] ?? null, m2: m2[0]?.[0] ?? null };
}

/** What an arm is shown with: its mean, or its ratio; `null` when not defined. */
export function shownValue({ mean }: CoMoments, columns: readonly MomentColumn[]): number | null {
  const [value, denominator] = mean;
  if (value === undefined) return null;
  if (!columns.includes("denominator")) return value;
  return denominator === undefined || denominator === 0 ? null : value / denominator;
}
