import type { MetricResult, ReportedVariant, VariantResult } from "@lotty/domain";
import type { Comparison } from "@lotty/stats";
import { believed } from "../beliefs/believed.ts";
import { compareQuantileArms, quantileEstimates, quantileOf } from "../comparison/compare-quantile-arms.ts";
import { lookAt } from "../looks/effect-looks.ts";
import { judgeFor } from "../looks/judge-look.ts";
import type { PlannedLook } from "../looks/schedule-looks.ts";
import type { MetricData, ReportContext } from "./metric-data.ts";
import { type MeasuredMetric, scheduleFor, tunedFor, withheldBecause } from "./plan-rules.ts";
import { type QuantileArm, type ValuedDay, valuedDays, type VariantValues, valuesUpTo } from "./quantile-values.ts";
import { variantEffect } from "./variant-effect.ts";

/** Both arms at a look; their estimates are made once, and compared at any level. */
interface QuantilePair {
  readonly control: { readonly n: number };
  readonly treatment: { readonly n: number };
  readonly at: (alpha: number) => Comparison;
}

/**
 * What a quantile metric measured. Quantiles of days do not add up to those of all days, so every look takes the values of all days up to it
 * anew. Under a plan that looks several times it is judged by an always-valid interval: how its information grows is not known.
 */
export function quantileResult(
  data: MetricData & { readonly values: ReadonlyMap<string, VariantValues> },
  context: ReportContext,
): MeasuredMetric {
  const { plan, variants } = context;
  const q = data.metric.definition.quantile ?? 0.5;
  const ids = variants.map(({ id }) => id);
  const days = valuedDays(data.values, ids);
  const { ended, looks: planned } = scheduleFor(days, context);
  const { every, looks } = affordable(planned);
  const latest = looks.at(-1)?.of ?? days.at(-1);
  const withheld = withheldBecause(looks, context);
  const control = variants.find(({ isControl }) => isControl);
  const looking = context.exploratory || plan.looking === "fixed" ? "fixed" : "always_valid";
  const armOf = (id: string, day = latest?.day): QuantileArm => valuesUpTo(data.values.get(id), day);
  const of = (variant: ReportedVariant): VariantResult => {
    const own = armOf(variant.id);
    const shown = { variantId: variant.id, n: own.subjects, value: quantileOf(own, q) };
    if (variant.isControl || control === undefined) return { ...shown, effect: null };
    const pairAt = ({ day }: ValuedDay): QuantilePair => {
      const arms = { control: armOf(control.id, day), treatment: armOf(variant.id, day) };
      const estimates = quantileEstimates(arms, q);
      return {
        control: { n: arms.control.subjects },
        treatment: { n: arms.treatment.subjects },
        at: (alpha) => compareQuantileArms(estimates, alpha),
      };
    };
    const series = lookAt(
      looks.map(({ fraction, last, of: day }) => ({
        day: day.day,
        fraction: looking === "fixed" ? fraction : null,
        last,
        arms: pairAt(day),
      })),
      {
        alpha: plan.alpha,
        compare: ({ at }, alpha) => ({ comparison: at(alpha), varianceReduction: null }),
        judge: judgeFor({
          plan: { alpha: plan.alpha, looking },
          tunedFor: tunedFor(context, [control, variant]),
          bounds: noBounds,
        }),
      },
    );
    const effect = variantEffect({
      plan,
      metric: data.metric,
      margin: data.margin,
      series,
      withheld,
      sizes: { control: armOf(control.id).subjects, treatment: own.subjects },
      smallCounts: null,
    });
    return { ...shown, effect };
  };
  const result: MetricResult = {
    metric: data.metric,
    role: data.role,
    through: latest?.day ?? null,
    fraction: null,
    limitation: limitationOf(looking, every),
    variants: believed(variants.map(of), {
      ...context,
      metric: data.metric,
      withheld,
      compare: (one, other) =>
        compareQuantileArms(quantileEstimates({ control: armOf(one), treatment: armOf(other) }, q), plan.alpha),
    }),
    segments: [],
  };
  return { result, ended, total: latest?.total ?? 0 };
}

/** Values that all looks together take in, at most: a million take about half a second. */
const MOST_VALUES = 3_000_000;

/** Looks that do not keep a process busy for long: all of them, or every so many, counted back from the last. */
function affordable(looks: readonly PlannedLook<ValuedDay>[]): {
  readonly looks: readonly PlannedLook<ValuedDay>[];
  readonly every: number;
} {
  for (let every = 1; ; every += 1) {
    const kept = looks.filter((_, index) => (looks.length - 1 - index) % every === 0);
    const values = kept.reduce((sum, { of }) => sum + of.values, 0);
    if (values <= MOST_VALUES || kept.length <= 1) return { looks: kept, every };
  }
}

function limitationOf(looking: "fixed" | "always_valid", every: number): string {
  const judged =
    looking === "fixed"
      ? []
      : ["Quantiles are judged by an interval that holds whenever one looks, under any plan that looks several times."];
  const thinned = every === 1 ? [] : [`There are so many values that one look in ${every} is taken.`];
  return [...judged, ...thinned, "There are no segments."].join(" ");
}

function noBounds(): never {
  throw new TypeError("Quantiles have no planned looks.");
}
