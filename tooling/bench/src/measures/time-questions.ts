import {
  DEFAULT_ENVIRONMENT_ID,
  isLottyError,
  type ArmMoments,
  type ExperimentMoments,
  type MomentsQuestion,
} from "@lotty/domain";
import { percentile } from "../rounds.ts";

/** What is asked of an experiment. */
export type Asked = Pick<MomentsQuestion, "experimentId" | "metric" | "by">;

/** A question about all who were exposed. */
export function questionOf(asked: Asked): MomentsQuestion {
  return {
    ...asked,
    environmentId: DEFAULT_ENVIRONMENT_ID,
    population: "exposed",
    from: null,
    to: null,
    completeOnly: false,
  };
}

/** Median time of a question over some rounds, in seconds. */
export async function timeQuestion(moments: ExperimentMoments, asked: Asked, rounds: number): Promise<number> {
  return timed(rounds, () => moments.moments(questionOf(asked)));
}

/** Median time of some work over some rounds, in seconds; infinite when it takes longer than Lotty lets a report take. */
export async function timed(rounds: number, work: () => Promise<unknown>): Promise<number> {
  const seconds: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const begin = performance.now();
    try {
      await work();
    } catch (error) {
      if (isLottyError(error, "timeout")) return Infinity;
      throw error;
    }
    seconds.push((performance.now() - begin) / 1_000);
  }
  return percentile(seconds, 0.5);
}

/** The largest relative difference of two answers: of counts, means, and sums of squares. */
export function differenceOf(one: readonly ArmMoments[], other: readonly ArmMoments[]): number {
  if (one.length !== other.length) return Infinity;
  return Math.max(...one.flatMap((arm, index) => differences(arm, other[index])));
}

function differences(arm: ArmMoments, other: ArmMoments | undefined): readonly number[] {
  if (other?.variantId !== arm.variantId || other.segment !== arm.segment || other.n !== arm.n) return [Infinity];
  const numbers = [...arm.mean, ...arm.m2.flat()];
  const others = [...other.mean, ...other.m2.flat()];
  return numbers.map((number, index) => Math.abs(number - (others[index] ?? NaN)) / Math.max(1, Math.abs(number)));
}
