import type { Timer } from "@lotty/domain";

/** The event loop's timer. */
export const systemTimer: Timer = {
  every(millis, task) {
    const interval = setInterval(task, millis);
    interval.unref();
    return () => clearInterval(interval);
  },
};
