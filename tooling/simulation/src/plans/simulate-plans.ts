import { createBoundsSource } from "@lotty/analysis";
import type { AnalysisPlan } from "@lotty/domain";
import { holds, meanShareOf, type Share, shareOf } from "../share.ts";
import { readPlan, type ReadComparison } from "./read-plan.ts";
import { drawShop, SHOP_METRICS, type ShopEffect, type ShopVariant } from "./shop.ts";

/** How many plans are simulated. */
export interface PlanScale {
  readonly seed: number;
  /** Experiments in which no treatment does anything. */
  readonly without: number;
  /** Experiments in which each treatment changes two of the four metrics. */
  readonly withEffect: number;
  readonly days: number;
  /** Subjects of each variant a day. */
  readonly perDay: number;
}

/** What a correction came to over all comparisons of a plan. */
export interface CorrectionFigures {
  readonly looking: AnalysisPlan["looking"];
  readonly correction: AnalysisPlan["correction"];
  /** Experiments with at least one false claim, where no treatment does anything. */
  readonly anyFalse: Share;
  /** The same, of the comparisons without an effect where others have one. */
  readonly anyFalseAmongTrue: Share;
  /** Mean share of false claims among the claims of an experiment, where half of the comparisons have an effect; 0 without claims. */
  readonly falseShare: Share;
  /** Mean share of the true effects that were claimed, as what they are. */
  readonly found: Share;
}

/** What intervals of a metric came to under the default rule of looking. */
export interface MetricFigures {
  readonly metric: string;
  /** Intervals of the difference that held the truth. */
  readonly coverage: Share;
  /** The same of the lift. */
  readonly liftCoverage: Share;
  /** Mean share of the variance that the covariate took away; `null` without one. */
  readonly varianceReduction: number | null;
}

/** What a simulation of plans came to. */
export interface PlanFigures {
  readonly corrections: readonly CorrectionFigures[];
  readonly metrics: readonly MetricFigures[];
}

const NOTHING: ShopEffect = { orders: 0, orderValue: 0 };

/** What the treatments do where they do something: each changes two metrics and leaves two as they are. */
const SOME: readonly ShopEffect[] = [
  { orders: 0.15, orderValue: 0 },
  { orders: 0, orderValue: 0.07 },
];

type Rule = Pick<CorrectionFigures, "looking" | "correction">;

const RULES: readonly Rule[] = [
  { looking: "group_sequential", correction: "holm" },
  { looking: "group_sequential", correction: "bh" },
  { looking: "group_sequential", correction: "none" },
  { looking: "always_valid", correction: "holm" },
  { looking: "fixed", correction: "holm" },
  { looking: "fixed", correction: "bh" },
];

/** What experiments under a rule came to. */
interface Outcomes {
  readonly rule: Rule;
  readonly none: (readonly ReadComparison[])[];
  readonly some: (readonly ReadComparison[])[];
}

/**
 * Simulates plans of one primary and three secondary metrics with three variants, eight comparisons corrected together, under several rules on
 * the same draws. What is claimed on any day is claimed on the last: p-values of looks never rise, so reading once, at the end, sees all claims.
 */
export function simulatePlans(
  { days, perDay, seed, withEffect, without }: PlanScale,
  onProgress: (done: number, of: number) => void = () => undefined,
): PlanFigures {
  const boundsOf = createBoundsSource();
  const outcomes = RULES.map((rule): Outcomes => ({ rule, none: [], some: [] }));
  for (let index = 0; index < without + withEffect; index += 1) {
    const hasEffect = index >= without;
    const variants = shopVariants(hasEffect ? SOME : [NOTHING, NOTHING]);
    const drawn = drawShop({ seed: seed * 2_000_003 + index, days, perDay, variants });
    const plannedSubjects = variants.length * perDay * days;
    for (const { none, rule, some } of outcomes) {
      const read = readPlan(drawn, { ...rule, day: days, days, plannedSubjects, variants, boundsOf });
      (hasEffect ? some : none).push(read);
    }
    onProgress(index + 1, without + withEffect);
  }
  const [first] = outcomes;
  return {
    corrections: outcomes.map(correctionFigures),
    metrics: SHOP_METRICS.map(({ metric }) => metricFigures(metric.key, first?.some.flat() ?? [])),
  };
}

/** Control and treatments with these effects, all of the same share. */
export function shopVariants(effects: readonly ShopEffect[]): readonly ShopVariant[] {
  return [NOTHING, ...effects].map((effect, index, all) => ({
    id: `00000000-0000-4000-8000-0000000000${index.toString().padStart(2, "0")}`,
    name: index === 0 ? "control" : `treatment ${String(index)}`,
    isControl: index === 0,
    share: 1 / all.length,
    effect,
  }));
}

function correctionFigures({ none, rule, some }: Outcomes): CorrectionFigures {
  return {
    ...rule,
    anyFalse: shareOf(none, (comparisons) => comparisons.some(isFalse)),
    anyFalseAmongTrue: shareOf(some, (comparisons) => comparisons.some(isFalse)),
    falseShare: meanShareOf(some, (comparisons) => {
      const claims = comparisons.filter(({ effect }) => effect.significant);
      return claims.filter(isFalse).length / Math.max(1, claims.length);
    }),
    found: meanShareOf(some, (comparisons) => {
      const real = comparisons.filter(({ trueDiff }) => trueDiff !== 0);
      return real.filter(isFound).length / real.length;
    }),
  };
}

/** Whether something is claimed of which nothing is true. */
function isFalse({ effect, trueDiff }: ReadComparison): boolean {
  return effect.significant && trueDiff === 0;
}

/** Whether an effect is claimed, and as what it is. */
function isFound({ effect, trueDiff }: ReadComparison): boolean {
  return effect.significant && effect.better === trueDiff > 0;
}

function metricFigures(key: string, comparisons: readonly ReadComparison[]): MetricFigures {
  const own = comparisons.filter(({ metric }) => metric === key);
  const reductions = own.map(({ effect }) => effect.varianceReduction).filter((share) => share !== null);
  return {
    metric: key,
    coverage: shareOf(own, ({ effect, trueDiff }) => holds(effect.interval, trueDiff)),
    liftCoverage: shareOf(own, ({ effect, trueLift }) => holds(effect.lift?.interval ?? null, trueLift)),
    varianceReduction:
      reductions.length === 0 ? null : reductions.reduce((sum, share) => sum + share, 0) / reductions.length,
  };
}
