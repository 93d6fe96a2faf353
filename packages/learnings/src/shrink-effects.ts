import type { Learning } from "@lotty/domain";
import { heterogeneity } from "@lotty/stats";
import { primaryEffect } from "./primary-effect.ts";

/** The primary effect of an experiment among those of all. Above 0 is better, whatever the metric. */
export interface ShrunkEffect {
  readonly learning: Learning;
  readonly metricKey: string;
  readonly variant: string;
  /** As measured. */
  readonly lift: number;
  /** Standard error of the lift. */
  readonly se: number;
  /** The lift, pulled towards the mean of all as far as its noise asks for. */
  readonly shrunk: number;
}

/** How the true effects of experiments are distributed, as far as can be told. */
export interface EffectDistribution {
  readonly each: readonly ShrunkEffect[];
  /** Mean of the true effects; `null` without any. */
  readonly mean: number | null;
  /** Standard error of the mean. */
  readonly se: number | null;
  /** Standard deviation of the true effects. */
  readonly spread: number | null;
}

/** Shrinks the primary effects of experiments over all of them, in the order given. Learnings without results are left out. */
export function shrinkEffects(learnings: readonly Learning[]): EffectDistribution {
  const measured = learnings.flatMap((learning) => {
    const effect = primaryEffect(learning);
    if (effect === undefined) return [];
    const { higherIsBetter, lift, metricKey, se, variant } = effect;
    return [{ learning, metricKey, variant, lift: higherIsBetter ? lift : -lift, se }];
  });
  const all = heterogeneity({ estimates: measured.map(({ lift }) => lift), ses: measured.map(({ se }) => se) });
  if (all.status !== "ok") return { each: [], mean: null, se: null, spread: null };
  return {
    each: measured.map((each, place) => ({ ...each, shrunk: all.shrunk[place] ?? each.lift })),
    mean: all.randomEffect,
    se: all.randomSe,
    spread: Math.sqrt(all.tau2),
  };
}
