import { setTimeout as sleep } from "node:timers/promises";
import { isLottyError, type Logger } from "@lotty/domain";

/** How long and how loudly something is tried. */
export interface PersistOptions {
  /** What is tried, for the log. */
  readonly attempt: string;
  /** Ends the trying: what is under way is finished and not repeated. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /** Tells failures that another try cannot mend. Default: none. */
  readonly isFinal?: (error: unknown) => boolean;
  /** Called with each failure that is worth another try, and with `undefined` when it is over. */
  readonly onInterruption?: (error: unknown) => void;
}

/** Waits between tries, in milliseconds: at first, and at the longest. */
const FIRST_WAIT_MILLIS = 100;
const LONGEST_WAIT_MILLIS = 5_000;

/**
 * Does something again and again until it succeeds, fails for good, or is no longer wanted. An outage is two lines in the
 * log, one when it begins and one when it ends; it is an error only when the failure is a defect and not an outage.
 *
 * @throws the failure that is final, or the latest one when the signal ends the trying
 */
export async function persist<T>(operation: () => Promise<T>, options: PersistOptions): Promise<T> {
  const { attempt, signal, logger, isFinal = () => false, onInterruption } = options;
  for (let failures = 0; ; failures += 1) {
    try {
      const result = await operation();
      if (failures > 0) {
        logger.info("worker_resumed", { attempt, failures });
        onInterruption?.(undefined);
      }
      return result;
    } catch (error) {
      if (isFinal(error) || signal.aborted) throw error;
      if (failures === 0) {
        const isOutage = isLottyError(error) && error.retryable;
        logger[isOutage ? "warn" : "error"]("worker_interrupted", { attempt, error });
      }
      onInterruption?.(error);
      // The wait ends early when the work is no longer wanted; one more try is then made, which may end it well.
      await sleep(waitMillis(failures), undefined, { signal }).catch(() => undefined);
    }
  }
}

/** Doubles with each failure and is shortened by up to half at random, so that workers do not come back in step. */
export function waitMillis(failures: number): number {
  const longest = Math.min(LONGEST_WAIT_MILLIS, FIRST_WAIT_MILLIS * 2 ** Math.min(failures, 10));
  return longest * (1 - Math.random() / 2);
}
