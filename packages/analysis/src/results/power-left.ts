import type { AnalysisPlan } from "@lotty/domain";
import { detectableMeanEffect, powerForMean, type TestedComparison } from "@lotty/stats";

/** Subjects that were reached. */
export interface ReachedSizes {
  readonly control: number;
  readonly treatment: number;
}

/** What the subjects so far are good for. */
export interface PowerLeft {
  /** Probability to find the planned minimum effect; `null` when none is planned, or the lift is not defined. */
  readonly power: number | null;
  /** Smallest relative effect that is found with the planned power; `null` when the lift is not defined. */
  readonly minimumDetectable: number | null;
}

/** Power and detectable effect of a single test with the precision that was reached, covariates and clusters included. */
export function powerLeft({
  comparison,
  plan,
  sizes,
}: {
  readonly plan: Pick<AnalysisPlan, "alpha" | "power" | "minimumEffect">;
  readonly comparison: TestedComparison;
  readonly sizes: ReachedSizes;
}): PowerLeft {
  const { relative, diff, se } = comparison;
  if (relative.status === "undefined" || relative.lift === 0 || diff === 0) return NOTHING;
  const baseline = Math.abs(diff / relative.lift);
  // The deviation of one subject with which these sizes have just this standard error.
  const sd = se / Math.sqrt(1 / sizes.control + 1 / sizes.treatment);
  const question = { alpha: plan.alpha, sd, nControl: sizes.control, nTreatment: sizes.treatment };
  const { minimumEffect } = plan;
  return {
    power: minimumEffect === null ? null : powerForMean({ ...question, delta: minimumEffect * baseline }),
    minimumDetectable: detectableMeanEffect({ ...question, power: plan.power }) / baseline,
  };
}

const NOTHING: PowerLeft = { power: null, minimumDetectable: null };
