import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Timer } from "@lotty/domain";

/** Steps in which the delay is measured, in milliseconds; a loop that is idle shows about one of them. */
const RESOLUTION_MS = 10;

/** Length of one look. */
const WINDOW_MS = 250;

/** So many looks in a row must find too much: a single long task, such as compiling a configuration, is no overload. */
const WINDOWS = 2;

const NANOS_PER_MILLI = 1_000_000;

/** How the event loop is watched. */
export interface EventLoopWatchOptions {
  /** Mean delay that is too much, in milliseconds; 0 for none. */
  readonly maxDelayMillis: number;
  readonly timer: Timer;
  /** The mean delay since the last call, in milliseconds; measured when absent. */
  readonly measure?: () => number;
}

/**
 * Tells whether the event loop is behind: whether its mean delay was above a limit during the last half second. The mean,
 * because a pause of the garbage collector is enough to move high quantiles of so short a time.
 */
export class EventLoopWatch {
  /** Mean delay of the last look, in milliseconds. */
  delayMillis = 0;
  #windows = 0;
  readonly #stop: () => void;

  constructor({ maxDelayMillis, timer, measure }: EventLoopWatchOptions) {
    if (maxDelayMillis === 0) {
      this.#stop = () => undefined;
      return;
    }
    const meter = measure === undefined ? new DelayMeter() : { mean: measure, stop: () => undefined };
    const stopLooking = timer.every(WINDOW_MS, () => {
      this.delayMillis = meter.mean();
      this.#windows = this.delayMillis > maxDelayMillis ? this.#windows + 1 : 0;
    });
    this.#stop = () => {
      stopLooking();
      meter.stop();
    };
  }

  /** Whether the loop is behind. */
  get behind(): boolean {
    return this.#windows >= WINDOWS;
  }

  stop(): void {
    this.#windows = 0;
    this.#stop();
  }
}

class DelayMeter {
  readonly #histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  constructor() {
    this.#histogram.enable();
  }

  mean(): number {
    const { count, mean } = this.#histogram;
    this.#histogram.reset();
    return count === 0 ? 0 : Math.max(0, mean / NANOS_PER_MILLI - RESOLUTION_MS);
  }

  stop(): void {
    this.#histogram.disable();
  }
}
