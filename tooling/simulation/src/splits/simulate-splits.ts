import { sampleRatioSequence, testSampleRatio } from "@lotty/stats";
import { Random } from "../random.ts";
import { type Share, shareOf } from "../share.ts";

/** How many splits are simulated. */
export interface SplitScale {
  readonly seed: number;
  /** Experiments whose subjects are spread as the weights say, and as many whose are not. */
  readonly experiments: number;
  /** Looks, one a day. */
  readonly days: number;
  /** Subjects of all variants a day. */
  readonly perDay: number;
}

/** How often each test raises a red alarm. */
export interface SplitAlarms {
  /** The test for any number of looks, on any day. */
  readonly sequential: Share;
  /** The test for one look, at the end. */
  readonly once: Share;
  /** The test for one look, on any day. */
  readonly onceDaily: Share;
}

/** What a simulation of splits came to. */
export interface SplitFigures {
  /** Where nothing is wrong: false alarms. */
  readonly right: SplitAlarms;
  /** Where the first of two variants gets {@link WRONG_SHARE}. */
  readonly wrong: SplitAlarms;
}

/** The share of the first variant, meant to be one half, where the split is wrong. */
export const WRONG_SHARE = 0.51;

/** p-value at which the trust checks of results turn red. */
const ALARM = 0.001;

/** Simulates the checks of the split, looked at daily: two variants of equal weights. */
export function simulateSplits({ days, experiments, perDay, seed }: SplitScale): SplitFigures {
  const alarmsAt = (share: number, seeds: number): SplitAlarms => {
    const alarms = Array.from({ length: experiments }, (_, index) => {
      const random = new Random(seed * 3_000_017 + seeds + index);
      return alarmsOf(Array.from({ length: days }, () => drawSplit(random, perDay, share)));
    });
    return {
      sequential: shareOf(alarms, ({ sequential }) => sequential),
      once: shareOf(alarms, ({ once }) => once),
      onceDaily: shareOf(alarms, ({ onceDaily }) => onceDaily),
    };
  };
  return { right: alarmsAt(0.5, 0), wrong: alarmsAt(WRONG_SHARE, experiments) };
}

const WEIGHTS = [1, 1];

function alarmsOf(looks: readonly (readonly number[])[]): Readonly<Record<keyof SplitAlarms, boolean>> {
  const last = sampleRatioSequence({ looks, weights: WEIGHTS }).at(-1);
  const counts = [0, 0];
  const daily = looks.map((look) => {
    for (const [arm, count] of look.entries()) counts[arm] = (counts[arm] ?? 0) + count;
    const test = testSampleRatio({ counts, weights: WEIGHTS });
    return test.status === "ok" && test.p < ALARM;
  });
  return {
    // Its p-value never rises.
    sequential: last?.status === "ok" && last.p < ALARM,
    once: daily.at(-1) === true,
    onceDaily: daily.includes(true),
  };
}

function drawSplit(random: Random, subjects: number, share: number): readonly number[] {
  let first = 0;
  for (let subject = 0; subject < subjects; subject += 1) first += random.uniform() < share ? 1 : 0;
  return [first, subjects - first];
}
