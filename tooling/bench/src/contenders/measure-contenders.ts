import { measureInRounds, type Measured } from "../rounds.ts";
import type { CallTimes } from "./contender-module.ts";
import { startContender, type ContenderOptions, type StartedContender } from "./start-contender.ts";

/** What came out for one contender. */
export interface MeasuredContender extends Measured {
  readonly taken: number;
  readonly calls: CallTimes;
}

/** Largest difference between the shares of subjects that two contenders take: hashes differ, rules must not. */
const TAKEN_TOLERANCE = 0.01;

/**
 * Measures contenders in alternating rounds, after two rounds of warm-up.
 *
 * @throws Error when they do not take the same share of all subjects: then they do not do the same job
 */
export async function measureContenders(
  options: readonly ContenderOptions[],
  rounds: number,
): Promise<readonly MeasuredContender[]> {
  const started: StartedContender[] = [];
  try {
    for (const each of options) started.push(await startContender(each));
    const expected = started[0]?.taken ?? 0;
    for (const { name, taken } of started) {
      if (Math.abs(taken - expected) > TAKEN_TOLERANCE) throw new Error(`${name} takes ${taken}, not ${expected}.`);
    }
    for (const contender of [...started, ...started]) await contender.run();
    const measured = await measureInRounds(started, rounds);
    const results: MeasuredContender[] = [];
    for (const [index, { calls, taken }] of started.entries()) {
      const figures = measured[index];
      if (figures !== undefined) results.push({ ...figures, taken, calls: await calls() });
    }
    return results;
  } finally {
    for (const contender of started) contender.stop();
  }
}
