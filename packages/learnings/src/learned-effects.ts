import type { ExperimentReport, LearnedEffect, MetricResult, VariantResult } from "@lotty/domain";

/**
 * What a report says of each metric that the plan names, as a learning keeps it; nothing of what cannot be told. The standard error of the lift is that
 * of the difference by control's value, which leaves out the noise of control itself.
 */
export function learnedEffects({
  metrics,
  variants,
}: Pick<ExperimentReport, "metrics" | "variants">): readonly LearnedEffect[] {
  const nameOf = new Map(variants.map(({ id, name }) => [id, name]));
  return metrics.flatMap((result) => {
    const control = result.variants.find(({ effect }) => effect === null);
    return result.variants.flatMap((variant) => {
      const name = nameOf.get(variant.variantId);
      const effect =
        name === undefined ? undefined : effectOf(result, variant, { name, controlValue: control?.value ?? 0 });
      return effect === undefined ? [] : [effect];
    });
  });
}

function effectOf(
  { metric, role }: MetricResult,
  { effect }: VariantResult,
  { controlValue, name }: { readonly name: string; readonly controlValue: number },
): LearnedEffect | undefined {
  const value = effect?.lift?.value;
  if (effect === null || value === undefined || value === null || effect.se === null) return undefined;
  const se = effect.se / Math.abs(controlValue);
  if (!Number.isFinite(se) || se <= 0) return undefined;
  const { high = null, low = null } = effect.lift?.interval ?? {};
  return {
    metricId: metric.id,
    metricKey: metric.key,
    variant: name,
    isPrimary: role === "primary",
    higherIsBetter: metric.definition.higherIsBetter,
    lift: value,
    se,
    low,
    high,
  };
}
