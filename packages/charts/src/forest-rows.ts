import type { ExperimentReport, MetricResult, VariantEffect } from "@lotty/domain";

/** One line of a forest plot. */
export interface ForestRow {
  readonly role: MetricResult["role"];
  readonly metric: string;
  readonly variant: string;
  readonly effect: VariantEffect;
  readonly lift: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** The lift beyond which a guardrail is broken; `null` for other metrics. */
  readonly limit: number | null;
  /** What the colour says. */
  readonly tone: "better" | "worse" | "open";
}

/** The lines of a report's forest plot: primary metrics first, each variant below the one before. */
export function forestRows({ metrics, variants }: ExperimentReport): readonly ForestRow[] {
  return metrics.flatMap((result) =>
    result.variants.flatMap(({ effect, variantId }): readonly ForestRow[] => {
      if (effect === null) return [];
      const { higherIsBetter } = result.metric.definition;
      const margin = effect.guardrail?.margin ?? null;
      return [
        {
          role: result.role,
          metric: result.metric.name,
          variant: variants.find(({ id }) => id === variantId)?.name ?? variantId,
          effect,
          lift: effect.lift?.value ?? null,
          low: effect.lift?.interval?.low ?? null,
          high: effect.lift?.interval?.high ?? null,
          limit: margin === null ? null : higherIsBetter ? -margin : margin,
          tone: toneOf(effect),
        },
      ];
    }),
  );
}

function toneOf({ better, guardrail, significant }: VariantEffect): ForestRow["tone"] {
  if (guardrail !== null) {
    return guardrail.verdict === "holds" ? "better" : guardrail.verdict === "broken" ? "worse" : "open";
  }
  return !significant || better === null ? "open" : better ? "better" : "worse";
}

/** The span of lifts that a plot shows: everything that is drawn, and 0; wide intervals of little data are cut off. */
export function spanOf(rows: readonly ForestRow[]): { readonly low: number; readonly high: number } {
  const points = rows.flatMap(({ lift, limit }) => [lift ?? 0, limit ?? 0]);
  const widths = rows
    .map(({ high, low }) => (low === null || high === null ? 0 : high - low))
    .filter((width) => width > 0);
  const usual = widths.toSorted((a, b) => a - b)[Math.floor(widths.length / 2)] ?? 0.02;
  const reach = 3 * usual;
  const bounds = rows.flatMap(({ high, lift, low }) => [
    Math.max(low ?? 0, (lift ?? 0) - reach),
    Math.min(high ?? 0, (lift ?? 0) + reach),
  ]);
  const all = [0, ...points, ...bounds];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const room = Math.max(0.002, (high - low) * 0.08);
  return { low: low - room, high: high + room };
}
