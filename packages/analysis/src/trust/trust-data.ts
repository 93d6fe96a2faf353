import type { Metric, ReportedVariant, VariantFunnel } from "@lotty/domain";
import type { CoMoments } from "@lotty/stats";

/** What the checks of trust look at. */
export interface TrustData {
  /** All variants, those without a share, too. */
  readonly variants: readonly ReportedVariant[];
  readonly population: "exposed" | "assigned";
  readonly funnel: readonly VariantFunnel[];
  /** New subjects of each day of exposure by variant, oldest first; `null` when that is not known. */
  readonly daily: readonly ReadonlyMap<string, number>[] | null;
  /** Subjects seen in several variants, and those exposed at all; `null` when that is not known. */
  readonly several: { readonly several: number; readonly exposed: number } | null;
  /** Co-moments of covariates by variant, the covariate first, its denominator (if any) second. */
  readonly covariates: readonly {
    readonly metric: Pick<Metric, "key">;
    readonly arms: ReadonlyMap<string, CoMoments>;
  }[];
  /** Decisions of the flag in the experiment's time by what kept subjects out; `null` when that is not known. */
  readonly exclusions: {
    readonly participationLimit: number;
    readonly domainConflict: number;
    readonly decisions: number;
  } | null;
}
