import type { CoMoments } from "@lotty/stats";
import type { MetricResult, ReportedVariant, VariantResult } from "@lotty/domain";
import { believed } from "../beliefs/believed.ts";
import { compareQuantileArms, type QuantileArms, quantileOf } from "../comparison/compare-quantile-arms.ts";
import { lookAt } from "../looks/effect-looks.ts";
import { judgeFor } from "../looks/judge-look.ts";
import type { MetricData, ReportContext, VariantValues } from "./metric-data.ts";
import { type MeasuredMetric, scheduleFor, tunedFor, withheldBecause } from "./plan-rules.ts";
import { variantEffect } from "./variant-effect.ts";

const NOBODY: VariantValues = { values: [], clusters: [], subjects: 0 };

/**
 * What a quantile metric measured. Quantiles do not add up over days, so there is one look, at all days that are over. Under a plan
 * that looks several times it is judged by an always-valid interval, which holds whenever one looks.
 */
export function quantileResult(
  data: MetricData & { readonly values: ReadonlyMap<string, VariantValues> },
  context: ReportContext,
): MeasuredMetric {
  const { plan, variants } = context;
  const q = data.metric.definition.quantile ?? 0.5;
  const valuesOf = ({ id }: ReportedVariant): VariantValues => data.values.get(id) ?? NOBODY;
  const sizes = variants.map((variant) => valuesOf(variant).subjects);
  const total = sizes.reduce((sum, n) => sum + n, 0);
  const whole = data.wholeThrough;
  const days = whole === null ? [] : [{ day: whole, total, smallest: Math.min(...sizes) }];
  const { ended, looks } = scheduleFor(days, context);
  const withheld = withheldBecause(looks, context);
  const control = variants.find(({ isControl }) => isControl);
  const looking = context.exploratory || plan.looking === "fixed" ? "fixed" : "always_valid";
  const of = (variant: ReportedVariant): VariantResult => {
    const own = valuesOf(variant);
    const shown = { variantId: variant.id, n: own.subjects, value: quantileOf(own, q) };
    if (variant.isControl || control === undefined) return { ...shown, effect: null };
    const arms: QuantileArms = { control: valuesOf(control), treatment: own };
    const pair = { control: subjectsOnly(valuesOf(control)), treatment: subjectsOnly(own) };
    const series = lookAt(
      looks.map(({ fraction, last, of: { day } }) => ({ day, fraction, last, arms: pair })),
      {
        alpha: plan.alpha,
        compare: (_, alpha) => ({ comparison: compareQuantileArms(arms, q, alpha), varianceReduction: null }),
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
      sizes: { control: pair.control.n, treatment: pair.treatment.n },
      smallCounts: null,
    });
    return { ...shown, effect };
  };
  const result: MetricResult = {
    metric: data.metric,
    role: data.role,
    through: whole,
    fraction: null,
    limitation: looking === "fixed" ? NO_SEGMENTS : NO_SERIES,
    variants: believed(variants.map(of), {
      ...context,
      metric: data.metric,
      withheld,
      compare: (one, other) =>
        compareQuantileArms(
          { control: data.values.get(one) ?? NOBODY, treatment: data.values.get(other) ?? NOBODY },
          q,
          plan.alpha,
        ),
    }),
    segments: [],
  };
  return { result, ended, total };
}

const NO_SEGMENTS = "Quantiles do not add up over parts of the subjects: there are no segments.";
const NO_SERIES =
  "Quantiles do not add up over days: one look at all days that are over, by an interval that holds whenever one looks; no daily series, no segments.";

function noBounds(): never {
  throw new TypeError("Quantiles have no planned looks.");
}

/** How many subjects an arm has, for what counts them. */
function subjectsOnly({ subjects }: VariantValues): CoMoments {
  return { n: subjects, mean: [], m2: [] };
}
