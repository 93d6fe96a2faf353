import type { EffectInterval, EffectLook } from "@lotty/domain";
import type { Comparison, PValue, TestedComparison } from "@lotty/stats";
import type { ArmPair } from "../comparison/arms.ts";
import type { ArmComparison } from "../comparison/compare-arms.ts";
import type { Judge, JudgedLook } from "./judge-look.ts";

/** Both arms, by whatever they are compared. */
interface SizedPair {
  readonly control: { readonly n: number };
  readonly treatment: { readonly n: number };
}

/** Both arms at a look. */
export interface LookedAt<Pair extends SizedPair = ArmPair> {
  readonly day: string;
  readonly fraction: number | null;
  readonly last: boolean;
  readonly arms: Pair;
}

/** What all looks up to the last one say together. */
export interface LookedEffect extends PValue {
  readonly interval: EffectInterval;
  readonly liftInterval: EffectInterval | null;
  /** Whether no value is in the intervals of all looks: the effect has changed while the experiment ran. */
  readonly drifted: boolean;
}

/** All looks at an effect, and what they come to. */
export interface EffectSeries {
  readonly looks: readonly EffectLook[];
  /** The comparison of the last look at the plan's alpha, for what does not depend on looking; `null` without looks. */
  readonly latest: ArmComparison | null;
  /** `null` when no look could be judged. */
  readonly together: LookedEffect | null;
}

/** What looks are compared by. */
export interface LookRules<Pair extends SizedPair = ArmPair> {
  readonly compare: (arms: Pair, alpha: number) => ArmComparison;
  readonly judge: Judge;
  readonly alpha: number;
}

/**
 * Looks at an effect day by day. The p-value never rises, and the intervals never widen: each look's hold together with all others,
 * so what one has excluded stays excluded.
 */
export function lookAt<Pair extends SizedPair>(
  lookedAt: readonly LookedAt<Pair>[],
  { alpha, compare, judge }: LookRules<Pair>,
): EffectSeries {
  const looks: EffectLook[] = [];
  const judged: JudgedLook[] = [];
  let latest: ArmComparison | null = null;
  for (const [index, { arms, day, fraction, last }] of lookedAt.entries()) {
    latest = compare(arms, alpha);
    const { comparison } = latest;
    if (comparison.status !== "ok") continue;
    const look = { index, last, n: arms.control.n + arms.treatment.n, comparison };
    const may = judge.levelOf(look);
    const bounded =
      may === null || may.level === null
        ? null
        : boundedAt(may.level, { alpha, comparison, compareAt: (level) => compare(arms, level).comparison });
    if (may !== null) judged.push(look);
    looks.push({
      day,
      n: look.n,
      fraction,
      diff: comparison.diff,
      lift: comparison.relative.status === "undefined" ? null : comparison.relative.lift,
      interval: bounded === null ? null : bounded.interval,
      liftInterval: bounded?.relative.status === "ok" ? bounded.relative.fieller : null,
      z: comparison.t,
      boundary: may?.boundary ?? null,
    });
  }
  return { looks, latest, together: judged.length === 0 ? null : joined(looks, judge.together(judged)) };
}

function boundedAt(
  level: number,
  known: {
    readonly alpha: number;
    readonly comparison: TestedComparison;
    readonly compareAt: (level: number) => Comparison;
  },
): TestedComparison | null {
  if (level === known.alpha) return known.comparison;
  const comparison = known.compareAt(level);
  return comparison.status === "ok" ? comparison : null;
}

const EVERYTHING: EffectInterval = { low: null, high: null };

function joined(looks: readonly EffectLook[], { log10P, p }: PValue): LookedEffect {
  const interval = looks.reduce((all, look) => intersection(all, look.interval ?? EVERYTHING), EVERYTHING);
  const lifts = looks.map(({ liftInterval }) => liftInterval).filter((known) => known !== null);
  return {
    p,
    log10P,
    interval,
    liftInterval: lifts.length === 0 ? null : lifts.reduce(intersection),
    drifted: interval.low !== null && interval.high !== null && interval.low > interval.high,
  };
}

function intersection(one: EffectInterval, other: EffectInterval): EffectInterval {
  const lows = [one.low, other.low].filter((low) => low !== null);
  const highs = [one.high, other.high].filter((high) => high !== null);
  return {
    low: lows.length === 0 ? null : Math.max(...lows),
    high: highs.length === 0 ? null : Math.min(...highs),
  };
}
