import type { AnalysisPlan, MetricResult, MetricRole, VariantEffect } from "@lotty/domain";
import { adjustPValues } from "@lotty/stats";

/** Corrects the p-values of all comparisons in the plan's scope together. Others keep their own. */
export function correctPValues(
  results: readonly MetricResult[],
  { alpha, correction, correctionScope }: Pick<AnalysisPlan, "alpha" | "correction" | "correctionScope">,
): readonly MetricResult[] {
  if (correction === "none") return results;
  const family = results
    .filter(({ role }) => isCorrected(role, correctionScope))
    .flatMap(({ variants }) => variants.flatMap(({ effect }) => (effect === null ? [] : [effect])));
  const { adjusted, rejected } = adjustPValues(
    family.map(({ p }) => p),
    { correction, alpha },
  );
  const corrected = new Map<VariantEffect, VariantEffect>(
    family.map((effect, index) => [
      effect,
      { ...effect, correctedP: adjusted[index] ?? null, significant: rejected[index] ?? false },
    ]),
  );
  return results.map((result) => ({
    ...result,
    variants: result.variants.map((variant) => ({
      ...variant,
      effect: variant.effect === null ? null : (corrected.get(variant.effect) ?? variant.effect),
    })),
  }));
}

/** How many comparisons are corrected together. */
export function comparisonsOf(
  { correction, correctionScope, primary, secondary }: AnalysisPlan,
  treatments: number,
): number {
  if (correction === "none" || correctionScope === "none") return 1;
  const metrics = primary.length + (correctionScope === "primary" ? 0 : secondary.length);
  return Math.max(1, metrics * treatments);
}

function isCorrected(role: MetricRole, scope: AnalysisPlan["correctionScope"]): boolean {
  return role === "primary" ? scope !== "none" : role === "secondary" && scope === "primary_and_secondary";
}
