import { formatInstant, type ExperimentOutcome, type Learning } from "@lotty/domain";
import { proportionIntervals } from "@lotty/stats";
import { shrinkEffects, type EffectDistribution, type ShrunkEffect } from "./shrink-effects.ts";

/** A share of experiments that won, with its 95 % interval by Wilson. */
export interface WinRate {
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}

/** Learnings of one calendar month, in UTC. */
export interface MonthOfLearnings {
  /** As `2026-03`. */
  readonly month: string;
  readonly learnings: number;
  readonly wins: number;
  /** Mean of the shrunk effects of those that have one; `null` when none has. */
  readonly meanEffect: number | null;
}

/** What many experiments come to. */
export interface LearningSummary {
  readonly learnings: number;
  readonly outcomes: Readonly<Record<ExperimentOutcome["kind"], number>>;
  /** `null` without learnings. */
  readonly winRate: WinRate | null;
  /** Oldest first; months without learnings are left out. */
  readonly months: readonly MonthOfLearnings[];
  readonly effects: EffectDistribution;
}

/** Sums learnings up. */
export function summarizeLearnings(learnings: readonly Learning[]): LearningSummary {
  const effects = shrinkEffects(learnings);
  const months = Map.groupBy(learnings, ({ completedAt }) => formatInstant(completedAt).slice(0, 7));
  return {
    learnings: learnings.length,
    outcomes: {
      rollout_winner: countOf(learnings, "rollout_winner"),
      rollback: countOf(learnings, "rollback"),
      no_effect: countOf(learnings, "no_effect"),
    },
    winRate: winRateOf(learnings),
    months: [...months]
      .map(([month, own]) => monthOf(month, own, effects.each))
      .toSorted((one, other) => (one.month < other.month ? -1 : 1)),
    effects,
  };
}

function countOf(learnings: readonly Learning[], kind: ExperimentOutcome["kind"]): number {
  return learnings.filter(({ outcome }) => outcome === kind).length;
}

function winRateOf(learnings: readonly Learning[]): WinRate | null {
  const share = { n: learnings.length, successes: countOf(learnings, "rollout_winner") };
  const intervals = proportionIntervals({ control: share, treatment: share }, { alpha: 0.05 });
  if (intervals.status !== "ok") return null;
  const { high, low } = intervals.control.wilson;
  return { rate: share.successes / share.n, low, high };
}

function monthOf(month: string, own: readonly Learning[], effects: readonly ShrunkEffect[]): MonthOfLearnings {
  const shrunk = effects.filter(({ learning }) => own.includes(learning)).map((effect) => effect.shrunk);
  const sum = shrunk.reduce((total, effect) => total + effect, 0);
  return {
    month,
    learnings: own.length,
    wins: countOf(own, "rollout_winner"),
    meanEffect: shrunk.length === 0 ? null : sum / shrunk.length,
  };
}
