import type { Clock, Logger, Timer } from "@lotty/domain";
import type { DecisionPartitions } from "@lotty/persistence";

/** Partitions are there this many days ahead: so long may making them fail before decisions go astray. */
export const DAYS_AHEAD = 7;

/** How often new days are looked for. */
const INTERVAL_MILLIS = 3_600_000;

/** What keeping partitions works with. */
export interface KeepPartitionsOptions {
  readonly partitions: DecisionPartitions;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly logger: Logger;
}

/**
 * Keeps the log of decisions in partitions for the days to come: now and every hour. Every process may do so at the same
 * time. Failing is no error: decisions of a day without a partition are kept too, and move when it is made.
 *
 * @returns what happens now, and a function that stops
 */
export function keepPartitions(options: KeepPartitionsOptions): {
  readonly first: Promise<void>;
  readonly stop: () => void;
} {
  const { clock, logger, partitions, timer } = options;
  async function look(): Promise<void> {
    try {
      const created = await partitions.ensureAhead(clock.now(), DAYS_AHEAD);
      if (created.length > 0) logger.info("decision_partitions_created", { created });
    } catch (error) {
      logger.warn("decision_partitions_failed", { error });
    }
  }
  return { first: look(), stop: timer.every(INTERVAL_MILLIS, () => void look()) };
}
