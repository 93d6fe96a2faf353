import type { Config } from "@lotty/config";
import { learnedEffects } from "@lotty/learnings";
import type { Runtime, Role } from "../composition/runtime.ts";
import { foldMetricsJob } from "../measures/fold-job.ts";
import { resultsOf } from "../results/results-of.ts";
import { decisionRetentionJob } from "./decision-retention-job.ts";
import { certificateJob } from "./certificate-job.ts";
import { eventRetentionJob, pendingExposuresJob } from "./event-jobs.ts";
import { guardrailJob } from "./guardrail-job.ts";
import type { Job } from "./job.ts";
import { createJobMetrics } from "./job-metrics.ts";
import { learningEffectsJob } from "./learning-job.ts";
import { JobRunner } from "./job-runner.ts";
import { notificationJob, notificationRetentionJob } from "./notification-jobs.ts";

/** Makes a job of a process from what the process works with. */
export type JobMaker = (runtime: Runtime) => Job;

/** All jobs that run in the background. */
const JOBS: readonly JobMaker[] = [
  pendingExposuresJob,
  foldMetricsJob,
  guardrailJob,
  eventRetentionJob,
  decisionRetentionJob,
  notificationJob,
  notificationRetentionJob,
  (runtime) => certificateJob(runtime, runtime.measures.history),
  (runtime) => {
    const { results } = resultsOf(runtime);
    return learningEffectsJob(runtime, async (experiment) => {
      const report = await results.report(experiment);
      return report === undefined ? [] : learnedEffects(report);
    });
  },
];

/**
 * Whether a process of this role runs the background jobs: workers do, and where no worker can be, for want of a Redis, the API does.
 * Several may: jobs that one at a time may do are locked in the database.
 */
export function runsJobs(config: Pick<Config, "redis">, role: Role): boolean {
  return role === "worker" || (role === "api" && config.redis === null);
}

/** Makes the runner of a process's background jobs. It is to be started once the schema is there. Use once per runtime. */
export function createJobRunner(runtime: Runtime, makers: readonly JobMaker[] = JOBS): JobRunner {
  const { config, logger, metrics, role, storage } = runtime;
  const jobs = runsJobs(config, role) ? makers.map((make) => make(runtime)) : [];
  return new JobRunner(jobs, { locks: storage.jobLocks, metrics: createJobMetrics(metrics.registry), logger });
}
