import type { ArmMoments, GuardrailRule, MetricDefinition } from "@lotty/domain";
import { mergeMoments, normalQuantile, type Moments } from "@lotty/stats";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { readArm } from "../evaluation/read-arm.ts";
import { drawSample, type Sample, type ValueSource } from "./arrivals.ts";

/** What is rehearsed. */
export interface RehearsalQuestion {
  readonly rule: GuardrailRule;
  readonly metric: Pick<MetricDefinition, "kind" | "higherIsBetter" | "windowHours">;
  readonly source: ValueSource;
  /** Subjects of both arms together that are exposed in a day, above 0. */
  readonly arrivalsPerDay: number;
  /** Part of them that gets the treatment, above 0 and below 1. */
  readonly treatmentShare: number;
  /** Whole days from 1. */
  readonly days: number;
  /** From 1. */
  readonly looksPerDay: number;
  /** The true harm that has to be caught, as a share of control's mean: 0.05 for five percent worse. Above 0. */
  readonly harm: number;
  /** How often everything is played, from 1. */
  readonly runs: number;
  readonly seed: number;
}

/** How often a rule fired, and when. */
export interface FiringRate {
  /** Part of the runs in which it fired within the days. */
  readonly share: number;
  /** Standard error of the share, by the number of runs. */
  readonly se: number;
  /** Of the runs in which it fired; `null` when it never did. */
  readonly medianHours: number | null;
  readonly p90Hours: number | null;
  /** Exposed subjects of both arms by then, those whose windows are still open included. */
  readonly medianSubjects: number | null;
  readonly p90Subjects: number | null;
}

/** How a rule behaves. */
export interface Rehearsal {
  /** The treatment does nothing: every firing is a false one. */
  readonly noEffect: FiringRate;
  /** The treatment is as harmful as is accepted: what alpha is about. */
  readonly atMargin: FiringRate;
  readonly trueHarm: FiringRate;
  /** The treatment does nothing, and a test that is made for one look is made at every look: what the sequence is for. */
  readonly naive: FiringRate;
}

interface Fired {
  readonly hours: number;
  readonly subjects: number;
}

/**
 * Plays a rule many times, on subjects as they were recorded. Yields after every run, so that whoever has other things to do can do
 * them in between. A function of its arguments: the same seed gives the same numbers.
 */
export function* rehearse(question: RehearsalQuestion): Generator<undefined, Rehearsal> {
  const { metric, rule, runs, seed, source } = question;
  const random = xoroshiro128plus(seed);
  const harmful = metric.higherIsBetter ? -1 : 1;
  const accepted = rule.marginKind === "relative" ? rule.margin : rule.margin / (Math.abs(source.mean) || 1);
  const noEffect: (Fired | null)[] = [];
  const naive: (Fired | null)[] = [];
  const atMargin: (Fired | null)[] = [];
  const trueHarm: (Fired | null)[] = [];
  for (let run = 0; run < runs; run += 1) {
    const nothing = play(question, 1, random);
    noEffect.push(nothing.sequence);
    naive.push(nothing.naive);
    yield;
    atMargin.push(play(question, 1 + harmful * accepted, random).sequence);
    yield;
    trueHarm.push(play(question, 1 + harmful * question.harm, random).sequence);
    yield;
  }
  return { noEffect: rateOf(noEffect), atMargin: rateOf(atMargin), trueHarm: rateOf(trueHarm), naive: rateOf(naive) };
}

interface Played {
  readonly sequence: Fired | null;
  readonly naive: Fired | null;
}

/** One experiment, look by look, until the sequence fires or the time is over. */
function play(question: RehearsalQuestion, factor: number, random: RandomGenerator): Played {
  const { arrivalsPerDay, days, looksPerDay, metric, rule, source, treatmentShare } = question;
  const critical = -normalQuantile(rule.alpha);
  const arms = { control: EMPTY, treatment: EMPTY };
  let naive: Fired | null = null;
  for (let look = 1; look <= days * looksPerDay; look += 1) {
    const hours = (look * 24) / looksPerDay;
    const measuredDays = Math.max(0, (hours - metric.windowHours) / 24);
    arms.control = grown(arms.control, measuredDays * arrivalsPerDay * (1 - treatmentShare), {
      draw: (n) => drawSample(source, n, { factor: 1, random }),
    });
    arms.treatment = grown(arms.treatment, measuredDays * arrivalsPerDay * treatmentShare, {
      draw: (n) => drawSample(source, n, { factor, random }),
    });
    const pair = { control: armOf("control", arms.control), treatment: armOf("treatment", arms.treatment) };
    // Ratios were linearised to means.
    const kind = metric.kind === "ratio" ? "mean" : metric.kind;
    const { se, shift, state } = readArm(pair, {
      metric: { kind, higherIsBetter: metric.higherIsBetter },
      rule,
      alpha: rule.alpha,
    });
    const fired = { hours, subjects: Math.floor((hours / 24) * arrivalsPerDay) };
    if (se !== null && shift !== null && shift < -critical * se) naive ??= fired;
    if (state === "firing") return { sequence: fired, naive: naive ?? fired };
  }
  return { sequence: null, naive };
}

const EMPTY: Moments = { n: 0, mean: null, m2: null };

/** An arm with so many subjects in all. */
function grown(arm: Moments, subjects: number, { draw }: { readonly draw: (n: number) => Sample }): Moments {
  const more = Math.floor(subjects) - arm.n;
  return more <= 0 ? arm : mergeMoments([arm, draw(more)]);
}

function armOf(variantId: string, { m2, mean, n }: Moments): ArmMoments {
  return { variantId, cohortDay: null, segment: null, n, columns: ["value"], mean: [mean ?? 0], m2: [[m2 ?? 0]] };
}

function rateOf(runs: readonly (Fired | null)[]): FiringRate {
  const fired = runs.filter((each) => each !== null);
  const share = fired.length / runs.length;
  const hours = fired.map((each) => each.hours).sort((a, b) => a - b);
  const subjects = fired.map((each) => each.subjects).sort((a, b) => a - b);
  return {
    share,
    se: Math.sqrt((share * (1 - share)) / runs.length),
    medianHours: at(hours, 0.5),
    p90Hours: at(hours, 0.9),
    medianSubjects: at(subjects, 0.5),
    p90Subjects: at(subjects, 0.9),
  };
}

/** The smallest value that so large a part of all is not above. */
function at(sorted: readonly number[], part: number): number | null {
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? null;
}
