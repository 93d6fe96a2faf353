import { setTimeout as sleep } from "node:timers/promises";

/** Something took longer than it may. */
export class TimeLimitError extends Error {
  override readonly name = "TimeLimitError";
}

/**
 * Waits for something, but not for ever: whatever it is that hangs, the wait ends.
 *
 * @param what for people: it stands in the error
 * @throws TimeLimitError when the time is over; the work itself goes on, if it can
 */
export async function withinTime<Value>(what: string, millis: number, work: Promise<Value>): Promise<Value> {
  const settled = new AbortController();
  const tooLate = sleep(millis, undefined, { signal: settled.signal }).then(() => {
    throw new TimeLimitError(`${what} took longer than ${String(millis / 1_000)} s`);
  });
  // Both may still fail when nobody waits any more.
  tooLate.catch(() => undefined);
  work.catch(() => undefined);
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    settled.abort();
  }
}

/** How to wait for something to hold. */
export interface WaitOptions {
  readonly withinMillis: number;
  /** Waits between two looks; it may reject to end the wait. */
  readonly pause: (millis: number) => Promise<void>;
}

const LOOK_MILLIS = 20;

/**
 * Waits until something holds, looking again and again.
 *
 * @param what for people: it stands in the error
 * @throws TimeLimitError when it does not hold in time, or a look does not come to an end
 */
export async function waitUntil(
  what: string,
  holds: () => Promise<boolean> | boolean,
  { pause, withinMillis }: WaitOptions,
): Promise<void> {
  const end = performance.now() + withinMillis;
  const look = async (): Promise<void> => {
    while (!(await holds())) {
      if (performance.now() > end)
        throw new TimeLimitError(`Waited ${String(withinMillis / 1_000)} s in vain: ${what}`);
      await pause(LOOK_MILLIS);
    }
  };
  await withinTime(what, 2 * withinMillis, look());
}
