import { Counter, Gauge, Histogram, type Registry } from "prom-client";

/** How a run ended. `elsewhere`: another process was at it. */
export type RunOutcome = "done" | "failed" | "elsewhere";

const OUTCOMES: readonly RunOutcome[] = ["done", "failed", "elsewhere"];

/** From an empty look to the longest run. */
const RUN_SECONDS = [0.005, 0.025, 0.1, 0.5, 1, 5, 15, 60, 300];

/** Counts runs of jobs. */
export interface JobMetrics {
  /** Shows a job before its first run. */
  known(job: string): void;
  ended(job: string, outcome: RunOutcome, seconds: number): void;
}

/** Makes the counters of jobs in a registry. Use once per registry. */
export function createJobMetrics(registry: Registry): JobMetrics {
  const runs = new Counter({
    name: "lotty_job_runs_total",
    help: "Runs of background jobs by how they ended; elsewhere: another process was at it.",
    labelNames: ["job", "outcome"] as const,
    registers: [registry],
  });
  const seconds = new Histogram({
    name: "lotty_job_seconds",
    help: "Duration of runs of background jobs that were begun.",
    labelNames: ["job"] as const,
    buckets: RUN_SECONDS,
    registers: [registry],
  });
  const success = new Gauge({
    name: "lotty_job_last_success_seconds",
    help: "When a background job last ended well in this process, in seconds since 1970.",
    labelNames: ["job"] as const,
    registers: [registry],
  });
  return {
    known: (job) => {
      for (const outcome of OUTCOMES) runs.inc({ job, outcome }, 0);
    },
    ended: (job, outcome, took) => {
      runs.inc({ job, outcome });
      if (outcome === "elsewhere") return;
      seconds.observe({ job }, took);
      if (outcome === "done") success.setToCurrentTime({ job });
    },
  };
}
