import { setTimeout as sleep } from "node:timers/promises";
import { isLottyError, type Logger } from "@lotty/domain";

/** Waits between attempts, in milliseconds; the last one repeats. */
const RETRY_MILLIS = [250, 500, 1_000, 2_000, 5_000] as const;

/** How a start is carried on. */
export interface StartUpOptions {
  readonly logger: Logger;
  /** Gives up when aborted. */
  readonly signal: AbortSignal;
}

/** A start that goes on in the background while the database is away. */
export interface StartUp {
  /** Resolves when the first attempt has ended: done, or put off because the database is away. Rejects as `done`. */
  readonly attempted: Promise<void>;
  /** Resolves when an attempt has succeeded. Rejects when one fails for another reason, or when it was aborted. */
  readonly done: Promise<void>;
}

/** Makes attempts until one succeeds. Only a database that is away is worth another; any other failure is final. */
export function startUp(attempt: () => Promise<void>, options: StartUpOptions): StartUp {
  const { promise: attempted, resolve } = Promise.withResolvers<void>();
  const done = repeat(attempt, resolve, options);
  // Whoever cares holds `done` itself; a process that is closed before it was ready has nobody who does.
  done.catch(() => undefined);
  return { attempted: Promise.race([attempted, done]), done };
}

async function repeat(
  attempt: () => Promise<void>,
  onPutOff: () => void,
  { logger, signal }: StartUpOptions,
): Promise<void> {
  for (let attempts = 0; ; attempts += 1) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (!isLottyError(error, "database_unavailable")) throw error;
      const retryMillis = RETRY_MILLIS[Math.min(attempts, RETRY_MILLIS.length - 1)] ?? 0;
      logger.warn("start_put_off", { error, retry_millis: retryMillis });
      onPutOff();
      await sleep(retryMillis, undefined, { signal });
    }
  }
}
