import type { JobLocks, Logger } from "@lotty/domain";
import { MAX_SECONDS, type Job, type JobYield } from "./job.ts";
import type { JobMetrics, RunOutcome } from "./job-metrics.ts";
import { Alarm } from "./alarm.ts";

/** What jobs are run with. */
export interface JobParts {
  readonly locks: JobLocks;
  readonly metrics: JobMetrics;
  readonly logger: Logger;
  /** From 0 to below 1. Default: the machine's. */
  readonly random?: () => number;
}

/** Wait before a failed run is tried again, in milliseconds; it doubles with each failure in a row, up to the job's interval. */
const FIRST_RETRY_MILLIS = 1_000;

/** Greatest part of the interval by which a wait is longer or shorter. */
const JITTER = 0.1;

/** Runs one job by its schedule. */
export class ScheduledJob {
  readonly #job: Job;
  readonly #parts: JobParts;
  readonly #random: () => number;
  readonly #stopping = new AbortController();
  readonly #alarm = new Alarm();
  #turn: Promise<unknown> = Promise.resolve();
  #failures = 0;
  #loop: Promise<void> | undefined;

  constructor(job: Job, parts: JobParts) {
    this.#job = job;
    this.#parts = parts;
    this.#random = parts.random ?? Math.random;
    parts.metrics.known(job.name);
  }

  /** Begins, with the first run somewhere in the first interval. */
  start(): void {
    this.#loop ??= this.#run();
  }

  /** Asks a run that is under way to end, waits for it, and begins no other. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#alarm.ring();
    await this.#loop;
    await this.#turn;
  }

  /**
   * Runs the job once, after the run that may be under way in this process. The schedule goes on as it was.
   *
   * @throws whatever the run throws; it has been logged and counted
   */
  runNow(): Promise<RunOutcome> {
    const run = this.#turn.then(async () => (await this.#attempt()).outcome);
    this.#turn = run.catch(() => undefined);
    return run;
  }

  async #run(): Promise<void> {
    let wait = this.#random() * this.#intervalMillis;
    while (!this.#stopping.signal.aborted) {
      await this.#alarm.wait(wait);
      if (this.#stopping.signal.aborted) return;
      wait = await this.#scheduledRun();
    }
  }

  /** @returns how long to wait until the next */
  async #scheduledRun(): Promise<number> {
    const run = this.#turn.then(() => this.#attempt());
    this.#turn = run.catch(() => undefined);
    try {
      const { left } = await run;
      if (left === "more") return 0;
      return this.#intervalMillis * (1 + JITTER * (2 * this.#random() - 1));
    } catch {
      const doubled = FIRST_RETRY_MILLIS * 2 ** (this.#failures - 1);
      return Math.min(doubled, this.#intervalMillis) * (0.5 + 0.5 * this.#random());
    }
  }

  async #attempt(): Promise<{ readonly outcome: RunOutcome; readonly left: JobYield }> {
    const { name } = this.#job;
    const { logger, metrics } = this.#parts;
    const begin = performance.now();
    const seconds = (): number => (performance.now() - begin) / 1_000;
    try {
      const left = await this.#once();
      this.#failures = 0;
      metrics.ended(name, left === undefined ? "elsewhere" : "done", seconds());
      return left === undefined ? { outcome: "elsewhere", left: "done" } : { outcome: "done", left };
    } catch (error) {
      // What a run says while it is made to end is no failure.
      if (this.#stopping.signal.aborted) return { outcome: "failed", left: "done" };
      this.#failures += 1;
      metrics.ended(name, "failed", seconds());
      logger.warn("job_failed", { job: name, failures: this.#failures, error });
      throw error;
    }
  }

  /** @returns `undefined` when another process is at it */
  async #once(): Promise<JobYield | undefined> {
    const { exclusive, maxSeconds = MAX_SECONDS, name } = this.#job;
    if (this.#stopping.signal.aborted) return "done";
    if (!exclusive) return this.#withinTime(maxSeconds);
    const answer = await this.#parts.locks.exclusively(name, maxSeconds, () => this.#withinTime(maxSeconds));
    return answer.held ? answer.result : undefined;
  }

  #withinTime(maxSeconds: number): Promise<JobYield> {
    return this.#job.run(AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(maxSeconds * 1_000)]));
  }

  get #intervalMillis(): number {
    return this.#job.everySeconds * 1_000;
  }
}
