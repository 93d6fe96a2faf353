import type { Timer } from "@lotty/domain";
import { TransientMap } from "./transient-map.ts";

/** Ticks per patience: a wait may be longer than asked for by one part in so many. */
const TICKS = 4;

interface Wait {
  readonly since: number;
  readonly giveUp: () => void;
}

/**
 * Bounds how long callers wait, with one timer for all of them: a timer for each would cost every decision something, and
 * almost none ever goes off.
 */
export class Patience {
  /** By themselves, in the order in which they began. */
  readonly #waits = new TransientMap<Wait, null>();
  readonly #stop: () => void;
  #tick = 0;

  constructor(millis: number, timer: Timer) {
    this.#stop = timer.every(Math.ceil(millis / TICKS), () => this.#onTick());
  }

  /** The outcome of a task, or what `late` makes when the task takes too long. The task itself goes on, unheard. */
  run<Result>(task: () => Promise<Result>, late: () => Error): Promise<Result> {
    return new Promise((resolve, reject) => {
      const wait = { since: this.#tick, giveUp: () => reject(late()) };
      this.#waits.set(wait, null);
      task().then(
        (result) => {
          this.#waits.delete(wait);
          resolve(result);
        },
        (error: unknown) => {
          this.#waits.delete(wait);
          reject(error instanceof Error ? error : new Error("A task failed", { cause: error }));
        },
      );
    });
  }

  /** Bounds nothing any more. */
  stop(): void {
    this.#stop();
  }

  #onTick(): void {
    this.#tick += 1;
    for (const wait of this.#waits.keys()) {
      if (this.#tick - wait.since <= TICKS) return;
      this.#waits.delete(wait);
      wait.giveUp();
    }
  }
}
