import type { Logger, Timer } from "@lotty/domain";
import type { WorkerMetrics } from "./worker-metrics.ts";

/** What watching for strays works with. */
export interface StrayWatchOptions {
  readonly partitions: {
    /** How many decisions are in no partition of their day. */
    strays(): Promise<number>;
  };
  readonly timer: Timer;
  readonly metrics: WorkerMetrics;
  readonly logger: Logger;
}

/** How often strays are looked for: the look reads all of them. */
const INTERVAL_MILLIS = 3_600_000;

/**
 * Looks for decisions outside the partition of their day, now and every hour, and raises the alarm when there are any.
 *
 * @returns a function that stops
 */
export function watchStrays(options: StrayWatchOptions): () => void {
  const { logger, metrics, partitions, timer } = options;
  async function look(): Promise<void> {
    try {
      const count = await partitions.strays();
      metrics.strays(count);
      if (count > 0) logger.warn("decisions_astray", { count });
    } catch (error) {
      logger.warn("decisions_astray_unknown", { error });
    }
  }
  void look();
  return timer.every(INTERVAL_MILLIS, () => void look());
}
