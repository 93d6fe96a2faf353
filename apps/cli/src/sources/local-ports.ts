import { randomUUID } from "node:crypto";
import { type Clock, type DecisionMetrics, type IdSource, type Logger, MICROS_PER_MILLI } from "@lotty/domain";

function nothing(): void {
  // There is nobody to tell.
}

/** Metrics that nobody collects: a command ends before anyone could. */
export const noMetrics: DecisionMetrics = {
  decided: nothing,
  ruleFault: nothing,
  cacheLookup: nothing,
  recorded: nothing,
  historyConflict: nothing,
};

/** A log that nobody reads. */
export const quietLogger: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** The machine's clock. */
export const localClock: Clock = { now: () => Date.now() * MICROS_PER_MILLI };

/** Ids of decisions that end with the command: UUIDv7s, random below the millisecond. */
export const localIds: IdSource = {
  next: (now) => {
    const millis = Math.floor(now / MICROS_PER_MILLI)
      .toString(16)
      .padStart(12, "0");
    return `${millis.slice(0, 8)}-${millis.slice(8)}-7${randomUUID().slice(15)}`;
  },
};
