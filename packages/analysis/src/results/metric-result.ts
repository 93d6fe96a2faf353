import { MAX_SEGMENT_VALUES, type MetricResult, type ReportedVariant, type VariantResult } from "@lotty/domain";
import { type CoMoments, NO_CO_MOMENTS } from "@lotty/stats";
import { believed } from "../beliefs/believed.ts";
import { columnsIn } from "../comparison/arms.ts";
import { comparerFor, shownValue } from "../comparison/compare-arms.ts";
import { smallCountsOf } from "../comparison/small-counts.ts";
import { lookAt } from "../looks/effect-looks.ts";
import { judgeFor } from "../looks/judge-look.ts";
import { segmentResults } from "../segments/segment-results.ts";
import { comparisonsOf } from "./correct-p-values.ts";
import { type ArmsUpTo, cumulativeDays } from "./cumulative-days.ts";
import type { MetricData, ReportContext } from "./metric-data.ts";
import { type MeasuredMetric, scheduleFor, tunedFor, withheldBecause } from "./plan-rules.ts";
import { quantileResult } from "./quantile-result.ts";
import { variantEffect } from "./variant-effect.ts";

/** What a metric measured, by the plan's rules. */
export function metricResult(data: MetricData, context: ReportContext): MeasuredMetric {
  if (data.values !== null) return quantileResult({ ...data, values: data.values }, context);
  const { plan, variants } = context;
  const columns = columnsIn(data.days);
  const days = cumulativeDays(
    data.days,
    columns,
    variants.map(({ id }) => id),
  );
  const { ended, looks } = scheduleFor(days, context);
  const latest = looks.at(-1)?.of ?? days.at(-1);
  const fractions = looks.map(({ fraction }) => fraction ?? 1);
  const compare = comparerFor(columns);
  const withheld = withheldBecause(looks, context);
  const control = variants.find(({ isControl }) => isControl);
  const armOf = (day: ArmsUpTo | undefined, id: string): CoMoments => day?.arms.get(id) ?? NO_CO_MOMENTS;
  const of = (variant: ReportedVariant): VariantResult => {
    const arm = armOf(latest, variant.id);
    const shown = { variantId: variant.id, n: arm.n, value: shownValue(arm, columns) };
    if (variant.isControl || control === undefined) return { ...shown, effect: null };
    const pairAt = (day: ArmsUpTo | undefined): { readonly control: CoMoments; readonly treatment: CoMoments } => ({
      control: armOf(day, control.id),
      treatment: armOf(day, variant.id),
    });
    const comparisons = comparisonsOf(plan, variants.length - 1);
    const judge = judgeFor({
      plan: context.exploratory ? { ...plan, looking: "fixed" } : plan,
      tunedFor: tunedFor(context, [control, variant]),
      bounds: () => context.boundsOf({ fractions, alpha: plan.alpha, comparisons }),
    });
    const series = lookAt(
      looks.map(({ fraction, last, of: day }) => ({ day: day.day, fraction, last, arms: pairAt(day) })),
      { alpha: plan.alpha, compare, judge },
    );
    const arms = pairAt(latest);
    const few = isShare(data) && withheld === null ? smallCountsOf(arms, plan.alpha) : null;
    const sizes = { control: arms.control.n, treatment: arms.treatment.n };
    const effect = variantEffect({
      plan,
      metric: data.metric,
      margin: data.margin,
      series,
      withheld,
      sizes,
      smallCounts: few,
    });
    return { ...shown, effect };
  };
  const result: MetricResult = {
    metric: data.metric,
    role: data.role,
    through: latest?.day ?? null,
    fraction: context.exploratory ? null : (looks.at(-1)?.fraction ?? null),
    ...limitationOf(data),
    variants: believed(variants.map(of), {
      ...context,
      metric: data.metric,
      withheld,
      compare: (one, other) =>
        compare({ control: armOf(latest, one), treatment: armOf(latest, other) }, plan.alpha).comparison,
    }),
    segments: withheld === null ? segmentResults(data, context) : [],
  };
  return { result, ended, total: latest?.total ?? 0 };
}

function limitationOf({ unsplit }: MetricData): Pick<MetricResult, "limitation"> {
  if (unsplit.length === 0) return {};
  const names = unsplit.map((name) => JSON.stringify(name)).join(", ");
  return { limitation: `Not split by ${names}: there are more than ${MAX_SEGMENT_VALUES} values of it.` };
}

function isShare({ metric: { definition } }: MetricData): boolean {
  return (definition.kind === "conversion" || definition.kind === "retention") && definition.winsorizing === null;
}
