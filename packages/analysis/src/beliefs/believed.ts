import type { EffectStatus, VariantResult } from "@lotty/domain";
import type { ReportContext } from "../results/metric-data.ts";
import { type BeliefQuestion, variantBeliefs } from "./variant-beliefs.ts";

/** What is known when beliefs are put beside results. */
export interface BelievedQuestion extends Pick<BeliefQuestion, "metric" | "compare">, ReportContext {
  /** Why nothing may be said; `null` when something may. */
  readonly withheld: EffectStatus | null;
}

/** Puts beliefs beside the results of a metric, where a prior was given. What is withheld is withheld from them, too. */
export function believed(results: readonly VariantResult[], question: BelievedQuestion): readonly VariantResult[] {
  const { plan, priorSd, variants, withheld } = question;
  if (priorSd === undefined || withheld !== null) return results;
  const control = variants.find(({ isControl }) => isControl);
  const controlValue = results.find(({ variantId }) => variantId === control?.id)?.value ?? null;
  const beliefs = variantBeliefs({ ...question, priorSd, alpha: plan.alpha, controlValue });
  return results.map((result) => {
    const belief = beliefs.get(result.variantId);
    return belief === undefined ? result : { ...result, belief };
  });
}
