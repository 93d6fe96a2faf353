import type { Clock, Instant } from "@lotty/domain";

/** A clock that moves only when told to. */
export class ManualClock implements Clock {
  #now: Instant;

  constructor(now: Instant) {
    this.#now = now;
  }

  now(): Instant {
    return this.#now;
  }

  /** Moves the clock by some microseconds; backwards when negative. */
  advance(micros: number): void {
    this.#now += micros;
  }
}
