import { LottyError } from "@lotty/domain";
import type { Job } from "./job.ts";
import type { RunOutcome } from "./job-metrics.ts";
import { ScheduledJob, type JobParts } from "./scheduled-job.ts";

/** Runs the background jobs of a process, each by its own schedule and beside the others. */
export class JobRunner {
  readonly #jobs: ReadonlyMap<string, ScheduledJob>;

  constructor(jobs: readonly Job[], parts: JobParts) {
    this.#jobs = new Map(jobs.map((job) => [job.name, new ScheduledJob(job, parts)]));
  }

  /** Begins. Nothing but {@link JobRunner.stop} ends it. */
  start(): void {
    for (const job of this.#jobs.values()) job.start();
  }

  /** Asks the runs that are under way to end and waits for them. */
  async stop(): Promise<void> {
    await Promise.all([...this.#jobs.values()].map((job) => job.stop()));
  }

  /**
   * Runs a job once now, or as soon as the run that is under way in this process has ended.
   *
   * @returns `elsewhere` when another process is at it
   * @throws LottyError `internal` when there is no such job; whatever the run throws
   */
  async runNow(name: string): Promise<RunOutcome> {
    const job = this.#jobs.get(name);
    if (job === undefined) throw new LottyError("internal", `There is no job ${name}.`);
    return job.runNow();
  }
}
