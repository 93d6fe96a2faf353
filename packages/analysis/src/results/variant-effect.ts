import type { AnalysisPlan, EffectStatus, LiftEstimate, Metric, VariantEffect } from "@lotty/domain";
import type { Comparison } from "@lotty/stats";
import type { EffectSeries } from "../looks/effect-looks.ts";
import { guardrailStanding } from "./guardrail-standing.ts";
import { powerLeft, type ReachedSizes } from "./power-left.ts";

/** What an effect is put together from. */
export interface EffectQuestion {
  readonly plan: AnalysisPlan;
  readonly metric: Metric;
  /** Largest accepted harm; `null` for what is no guardrail. */
  readonly margin: number | null;
  readonly series: EffectSeries;
  /** Why nothing may be said, whatever was computed; `null` when something may. */
  readonly withheld: EffectStatus | null;
  readonly sizes: ReachedSizes;
  readonly smallCounts: VariantEffect["smallCounts"];
}

/** The effect of a variant, before p-values are corrected. */
export function variantEffect(question: EffectQuestion): VariantEffect {
  const { metric, plan, series, withheld } = question;
  const comparison = series.latest?.comparison;
  if (withheld !== null || comparison === undefined) return nothingSaid(withheld ?? "no_data");
  const { status } = comparison;
  if (status !== "ok") return { ...nothingSaid(status), diff: comparison.diff, looks: series.looks };
  const { together } = series;
  const lift = liftOf(comparison, together?.liftInterval ?? null);
  const reached = powerLeft({ plan, comparison, sizes: question.sizes });
  return {
    status,
    diff: comparison.diff,
    se: comparison.se,
    interval: together?.interval ?? null,
    lift,
    p: together?.p ?? null,
    log10P: together?.log10P ?? null,
    fixedP: comparison.p,
    correctedP: null,
    significant: together !== null && together.p <= plan.alpha,
    better: comparison.diff === 0 ? null : comparison.diff > 0 === metric.definition.higherIsBetter,
    varianceReduction: series.latest?.varianceReduction ?? null,
    power: reached.power,
    minimumDetectable: reached.minimumDetectable,
    smallCounts: question.smallCounts,
    guardrail: question.margin === null ? null : guardrailStanding(lift, question.margin, metric.definition),
    drifted: together?.drifted ?? false,
    looks: series.looks,
  };
}

/** An effect of which nothing is known, or nothing may be said. */
function nothingSaid(status: EffectStatus): VariantEffect {
  return {
    status,
    diff: null,
    se: null,
    interval: null,
    lift: null,
    p: null,
    log10P: null,
    fixedP: null,
    correctedP: null,
    significant: false,
    better: null,
    varianceReduction: null,
    power: null,
    minimumDetectable: null,
    smallCounts: null,
    guardrail: null,
    drifted: false,
    looks: [],
  };
}

function liftOf({ relative }: Comparison, interval: LiftEstimate["interval"]): LiftEstimate {
  if (relative.status === "undefined") return { status: "undefined", value: null, interval: null };
  if (relative.status === "unbounded") return { status: "unbounded", value: relative.lift, interval };
  return { status: "ok", value: relative.lift, interval };
}
