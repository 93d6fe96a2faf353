import { createBoundsSource } from "@lotty/analysis";
import { detectableMeanEffect } from "@lotty/stats";
import { BASELINE, drawExperiment } from "./draw-experiment.ts";
import { type Looking, lookDaily, type Outcome } from "./look-daily.ts";
import { holds, type Share, shareOf } from "./share.ts";

/** How much is simulated. */
export interface Scale {
  readonly seed: number;
  /** Experiments without an effect. */
  readonly without: number;
  /** Experiments with one. */
  readonly withEffect: number;
  readonly days: number;
  /** Subjects of each arm a day. */
  readonly perDay: number;
}

/** What a rule of looking came to. */
export interface RuleFigures {
  readonly looking: Looking;
  /** Experiments without an effect in which one was claimed on any day. */
  readonly falseClaims: Share;
  /** Experiments with an effect in which it was claimed, and as what it is. */
  readonly found: Share;
  /** Intervals of the difference, all looks joined, that held the truth on the last day. */
  readonly coverage: Share;
  /** The same of the lift. */
  readonly liftCoverage: Share;
  /** Mean of the days on which it was claimed. */
  readonly meanDay: number | null;
}

/** What a simulation came to. */
export interface Figures {
  readonly rules: readonly RuleFigures[];
  /** Experiments without an effect in which a single look's p-value was at most alpha on any day. */
  readonly naive: Share;
  /** The effect, as a share of the control's mean, that a single look at the end finds with a probability of 80 %. */
  readonly effect: number;
}

const RULES: readonly Looking[] = ["group_sequential", "always_valid", "fixed"];

/** Simulates experiments under every rule of looking, all on the same draws. */
export function simulate(scale: Scale, onProgress: (done: number, of: number) => void = () => undefined): Figures {
  const { days, perDay, seed, withEffect, without } = scale;
  const size = perDay * days;
  const effect = detectableMeanEffect({ sd: BASELINE, nControl: size, nTreatment: size, alpha: 0.05, power: 0.8 });
  const boundsOf = createBoundsSource();
  const total = without + withEffect;
  const outcomes = new Map<Looking, { readonly none: Outcome[]; readonly some: Outcome[] }>(
    RULES.map((looking) => [looking, { none: [], some: [] }]),
  );
  for (let index = 0; index < total; index += 1) {
    const hasEffect = index >= without;
    const drawn = drawExperiment({ seed: seed * 1_000_003 + index, days, perDay, effect: hasEffect ? effect : 0 });
    for (const [looking, { none, some }] of outcomes) {
      const outcome = lookDaily(drawn, { looking, days, plannedSubjects: 2 * size, boundsOf });
      (hasEffect ? some : none).push(outcome);
    }
    onProgress(index + 1, total);
  }
  const rules = RULES.map((looking) => figuresOf(looking, outcomes.get(looking) ?? { none: [], some: [] }, effect));
  // A rule that concludes something every day shows the p-value of a single look every day, too.
  const daily = outcomes.get("always_valid")?.none ?? [];
  return { rules, naive: shareOf(daily, ({ naiveOn }) => naiveOn !== null), effect: effect / BASELINE };
}

function figuresOf(
  looking: Looking,
  { none, some }: { readonly none: readonly Outcome[]; readonly some: readonly Outcome[] },
  effect: number,
): RuleFigures {
  const found = some.filter(({ better, claimedOn }) => claimedOn !== null && better);
  const days = found.map(({ claimedOn }) => claimedOn ?? 0);
  return {
    looking,
    falseClaims: shareOf(none, ({ claimedOn }) => claimedOn !== null),
    found: shareOf(some, ({ better, claimedOn }) => claimedOn !== null && better),
    coverage: shareOf(some, ({ last: { interval } }) => holds(interval, effect)),
    liftCoverage: shareOf(some, ({ last: { lift } }) => holds(lift?.interval ?? null, effect / BASELINE)),
    meanDay: days.length === 0 ? null : days.reduce((sum, day) => sum + day, 0) / days.length,
  };
}
