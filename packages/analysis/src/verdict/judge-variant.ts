import type { MetricResult, VariantEffect } from "@lotty/domain";

/** A metric's effect in one variant. */
export interface MetricEffect {
  readonly result: MetricResult;
  readonly effect: VariantEffect;
}

/** What the metrics of a plan say about one variant. */
export interface VariantStanding {
  readonly variantId: string;
  readonly better: readonly MetricEffect[];
  readonly worse: readonly MetricEffect[];
  readonly broken: readonly MetricEffect[];
  readonly open: readonly MetricEffect[];
  /** Lift of the first primary metric; `null` when not known. */
  readonly lift: number | null;
}

/** Sorts what is known of a variant: primary metrics that are better or worse, guardrails that are broken or open. */
export function standingOf(results: readonly MetricResult[], variantId: string): VariantStanding {
  const effects = results.flatMap((result): readonly MetricEffect[] => {
    const effect = result.variants.find((variant) => variant.variantId === variantId)?.effect ?? null;
    return effect === null ? [] : [{ result, effect }];
  });
  const primary = effects.filter(({ result }) => result.role === "primary");
  const guardrails = effects.filter(({ result }) => result.role === "guardrail");
  const shown = primary.filter(({ effect }) => effect.significant);
  return {
    variantId,
    better: shown.filter(({ effect }) => effect.better === true),
    worse: shown.filter(({ effect }) => effect.better === false),
    broken: guardrails.filter(({ effect }) => effect.guardrail?.verdict === "broken"),
    open: guardrails.filter(({ effect }) => (effect.guardrail?.verdict ?? "open") === "open"),
    lift: primary[0]?.effect.lift?.value ?? null,
  };
}

/** Whether a variant can be shipped: something is better, nothing is worse, and every guardrail holds. */
export function isShippable({ better, broken, open, worse }: VariantStanding): boolean {
  return better.length > 0 && worse.length === 0 && broken.length === 0 && open.length === 0;
}
