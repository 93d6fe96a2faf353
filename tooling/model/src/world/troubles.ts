/** Something that keeps processes from hearing of changes. Times in milliseconds since the epoch. */
export interface Trouble {
  /** A process, or `postgres`, which concerns all of them. */
  readonly whom: string;
  readonly from: number;
  /** Infinite while it lasts. */
  to: number;
  /** How long after its end it may still be felt. */
  readonly aftermath: number;
}

/** How long a process may be cut off after it was stopped and let go on. */
const AFTER_STOP_MILLIS = 1_000;

/** What has to pass after Postgres was away besides the poll: new connections, the load, and a busy machine. */
const AFTER_OUTAGE_MILLIS = 3_000;

/** An API keeps its configuration on disk a moment after it has it; a kill in between loses the newest. */
const KEPT_WITHIN_MILLIS = 2_000;

/** What is known to have been in the way, and when. */
export class Troubles {
  readonly #all: Trouble[] = [];
  readonly #kills: { readonly whom: string; readonly at: number }[] = [];
  readonly #pollMillis: number;

  /** @param pollMillis how often processes look for a change that they were not told of */
  constructor(pollMillis: number) {
    this.#pollMillis = pollMillis;
  }

  /** Postgres is away from now on. The result ends it. */
  postgresAway(): () => void {
    return this.#begin("postgres", this.#pollMillis + AFTER_OUTAGE_MILLIS);
  }

  /** A process does not run on from now on. The result ends it. */
  stopped(process: string): () => void {
    return this.#begin(process, AFTER_STOP_MILLIS);
  }

  /** A process was killed, and starts again with what it has on disk if it finds nothing better. */
  killed(process: string): void {
    this.#kills.push({ whom: process, at: Date.now() });
  }

  /** Whether Postgres was away, or may have been felt to be, at some moment of a span. */
  postgresWasAway(from: number, to: number): boolean {
    return this.#all.some(
      (trouble) => trouble.whom === "postgres" && trouble.from <= to && trouble.to + trouble.aftermath >= from,
    );
  }

  /** Until when a process may not have heard of what was announced in a span: the end of the span when nothing was in the way. */
  lastFrom({ from, process, to }: { readonly process: string; readonly from: number; readonly to: number }): number {
    const relevant = this.#all.filter(({ whom }) => whom === "postgres" || whom === process);
    let last = to;
    for (let before = -1; before !== last;) {
      before = last;
      for (const trouble of relevant) {
        const end = trouble.to + trouble.aftermath;
        if (this.#beginOf(trouble, process) <= last && end >= from) last = Math.max(last, end);
      }
    }
    return last;
  }

  #beginOf(trouble: Trouble, process: string): number {
    const kills = this.#kills.filter(
      ({ at, whom }) => whom === process && at <= trouble.to && at + 10_000 >= trouble.from,
    );
    return Math.min(trouble.from, ...kills.map(({ at }) => at - KEPT_WITHIN_MILLIS));
  }

  #begin(whom: string, aftermath: number): () => void {
    const trouble: Trouble = { whom, from: Date.now(), to: Number.POSITIVE_INFINITY, aftermath };
    this.#all.push(trouble);
    return () => {
      trouble.to = Date.now();
    };
  }
}
