import type { ArmMoments } from "@lotty/domain";
import { momentsOf } from "@lotty/stats";
import { Random } from "./random.ts";

/** Ids of the two arms. */
export const ARMS = {
  control: "00000000-0000-4000-8000-00000000000c",
  treatment: "00000000-0000-4000-8000-00000000000d",
};

/** Mean and deviation of the control's values. */
export const BASELINE = 10;

/** The first day of all simulated experiments. */
export const FIRST_DAY = "2026-01-01";

/** What experiments are drawn. */
export interface Draw {
  readonly seed: number;
  readonly days: number;
  /** Subjects of each arm a day. */
  readonly perDay: number;
  /** What the treatment adds to every value. */
  readonly effect: number;
}

/** The day so many days after the first. */
export function simulatedDay(index: number): string {
  return new Date(Date.parse(`${FIRST_DAY}T00:00:00Z`) + index * 86_400_000).toISOString().slice(0, 10);
}

/** Draws the moments of every day of an experiment. */
export function drawExperiment({ days, effect, perDay, seed }: Draw): readonly ArmMoments[] {
  const random = new Random(seed);
  return Array.from({ length: days }, (_, day) =>
    Object.values(ARMS).map((variantId): ArmMoments => {
      const shift = variantId === ARMS.treatment ? effect : 0;
      const values = Array.from({ length: perDay }, () => random.exponential(BASELINE) + shift);
      const { m2, mean, n } = momentsOf(values);
      return {
        variantId,
        cohortDay: simulatedDay(day),
        segment: null,
        n,
        columns: ["value"],
        mean: [mean ?? 0],
        m2: [[m2 ?? 0]],
      };
    }),
  ).flat();
}
