/** What a run of a job says about the work that is left. */
export type JobYield = "done" | "more";

/** Something that a process does again and again in the background. */
export interface Job {
  /** In lines of the log, in metrics and as the name of the lock: stable, in snake_case. */
  readonly name: string;
  /** How long a process waits between two runs, in seconds; give or take a tenth, so that processes do not run in step. */
  readonly everySeconds: number;
  /** Whether one process at a time may do it; else all of them do. */
  readonly exclusive: boolean;
  /** After so many seconds the run is asked to end, by its signal, and others may begin beside it. Absent: {@link MAX_SECONDS}. */
  readonly maxSeconds?: number;
  /**
   * Does a piece of the work: seconds of it, not hours. `more` asks to be called again at once, which lets go of the lock in
   * between. A failure is logged, counted and tried again, later and later.
   *
   * @param signal aborted when the process ends or the time is up
   */
  run(signal: AbortSignal): Promise<JobYield>;
}

/** How long a run may take when its job does not say. */
export const MAX_SECONDS = 300;
