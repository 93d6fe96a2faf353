import { TransientMap } from "@lotty/outage";
import { LottyError, type Logger, type Timer } from "@lotty/domain";
import { type Aged, AgeList } from "./age-list.ts";

/** Why a request was turned away: too many before it, or an event loop that is behind. */
export const SHED_CAUSES = ["in_flight", "event_loop"] as const;

/** One of {@link SHED_CAUSES}. */
export type ShedCause = (typeof SHED_CAUSES)[number];

/** How much a {@link RequestLimiter} lets through. */
export interface RequestLimiterOptions {
  /** Most tasks at the same time. */
  readonly maxInFlight: number;
  /** Most tasks that wait for their turn. */
  readonly maxWaiting: number;
  /** Longest that the caller of a task waits for it, its turn included. */
  readonly timeoutMillis: number;
  /** Tells whether the event loop is behind; then nothing new is taken, unless there are only a few requests. */
  readonly eventLoop: { readonly behind: boolean };
  /** Requests in about a tenth of a second that are few; {@link FEW_REQUESTS} when absent. */
  readonly fewRequests?: number;
  readonly timer: Timer;
  readonly logger: Logger;
  /** Told about every request that is turned away. */
  readonly onShed?: (cause: ShedCause) => void;
  /** A steady clock in milliseconds. */
  readonly now?: () => number;
}

interface Work extends Aged<Work> {
  readonly since: number;
  readonly start: () => void;
  readonly giveUp: () => void;
}

/** Between two looks for overdue work: a timer for each request would cost more than all the rest of this. */
const LOOK_MILLIS = 50;

/**
 * Requests during two looks that are no overload. A loop that is behind for so few is busy with something else, such as opening
 * an embedded database, and turning the few away would not help it.
 */
const FEW_REQUESTS = 16;

/** Between two log lines about requests that are turned away. */
const REPORT_MILLIS = 5_000;

/**
 * Bounds the work on requests: how many are worked on, how many wait, and how long. What is beyond that is refused at once,
 * because under more load than can be served, whoever is served late is not served at all.
 *
 * A task that is overdue keeps its place until it really ends: whatever its caller was told, it still is work. Own code
 * instead of cockatiel's bulkhead and timeout: on the hot path a timer for each call costs ten times as much as this does.
 */
export class RequestLimiter {
  readonly #options: RequestLimiterOptions;
  readonly #now: () => number;
  readonly #stop: () => void;
  /** Whose callers wait, oldest first. */
  readonly #awaited = new AgeList<Work>();
  /** Which have not had their turn, oldest first. */
  readonly #waiting = new TransientMap<Work, null>();
  #inFlight = 0;
  /** Requests since the last look, and between the two before it. */
  #arrivals = 0;
  #earlierArrivals = 0;
  /** The time, not older than one look. */
  #time: number;
  #shed = 0;
  #reportAt = 0;

  constructor(options: RequestLimiterOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#time = this.#now();
    this.#stop = options.timer.every(LOOK_MILLIS, () => this.#look());
  }

  /** Tasks that are being worked on. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Tasks that wait for their turn. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Why a task would be refused now; `undefined` when it would be taken. Costs next to nothing. */
  get refusal(): ShedCause | undefined {
    const { eventLoop, fewRequests = FEW_REQUESTS, maxInFlight, maxWaiting } = this.#options;
    if (eventLoop.behind && this.#arrivals + this.#earlierArrivals >= fewRequests) return "event_loop";
    return this.#inFlight >= maxInFlight && this.#waiting.size >= maxWaiting ? "in_flight" : undefined;
  }

  /** Counts a request that was turned away because of {@link RequestLimiter.refusal}. */
  shed(cause: ShedCause): void {
    this.#arrivals += 1;
    this.#shed += 1;
    this.#options.onShed?.(cause);
  }

  /** Counts a request that is answered at once, without a task. */
  arrived(): void {
    this.#arrivals += 1;
  }

  /**
   * Runs a task when it is its turn.
   *
   * @throws LottyError `overloaded` at once; `timeout` when the task has not ended in time, to within a tenth of a second
   */
  run<Result>(task: () => Promise<Result>): Promise<Result> {
    const cause = this.refusal;
    if (cause !== undefined) {
      this.shed(cause);
      return Promise.reject(new LottyError("overloaded", "There are more requests than can be answered in time."));
    }
    this.#arrivals += 1;
    return new Promise<Result>((resolve, reject) => {
      const work: Work = {
        since: this.#time,
        start: () => {
          this.#inFlight += 1;
          task().then(
            (result) => {
              this.#end(work);
              resolve(result);
            },
            (error: unknown) => {
              this.#end(work);
              reject(error);
            },
          );
        },
        giveUp: () => reject(new LottyError("timeout", "The request was not answered in time.")),
        older: null,
        younger: null,
      };
      this.#awaited.add(work);
      if (this.#inFlight < this.#options.maxInFlight) work.start();
      else this.#waiting.set(work, null);
    });
  }

  /** Stops looking for overdue work. */
  close(): void {
    this.#stop();
  }

  #end(work: Work): void {
    this.#inFlight -= 1;
    this.#awaited.remove(work);
    if (this.#waiting.size === 0) return;
    const [next] = this.#waiting.keys();
    if (next === undefined) return;
    this.#waiting.delete(next);
    next.start();
  }

  #look(): void {
    this.#time = this.#now();
    this.#earlierArrivals = this.#arrivals;
    this.#arrivals = 0;
    for (let work = this.#awaited.oldest; work !== null; work = this.#awaited.oldest) {
      if (this.#time - work.since < this.#options.timeoutMillis) break;
      this.#awaited.remove(work);
      this.#waiting.delete(work);
      work.giveUp();
    }
    if (this.#shed === 0 || this.#time < this.#reportAt) return;
    this.#options.logger.warn("requests_shed", { requests: this.#shed, in_flight: this.#inFlight });
    this.#shed = 0;
    this.#reportAt = this.#time + REPORT_MILLIS;
  }
}
