import type { MetricFolding } from "@lotty/persistence";
import type { Runtime } from "../composition/runtime.ts";
import type { Job, JobYield } from "../jobs/job.ts";
import { exposeFolding } from "./fold-metrics.ts";

/** How much one step of folding does. */
export interface FoldBatches {
  /** Subjects that are measured in one transaction. */
  readonly subjects: number;
  /** Subjects that are put on the list in one transaction. */
  readonly queued: number;
  /** Days that are summed up in one transaction. */
  readonly days: number;
}

/** On Postgres a step takes some tenths of a second, in which nobody has to wait for it. */
const POSTGRES_FOLD_BATCHES: FoldBatches = { subjects: 2_000, queued: 5_000, days: 8 };

/** On PGlite, which works on the thread of the event loop and has one connection. */
const EMBEDDED_FOLD_BATCHES: FoldBatches = { subjects: 50, queued: 500, days: 1 };

/** How often processes look for events to fold, in seconds: results are about so old. */
const INTERVAL_SECONDS = 10;

/** A run lets go after so long, so that the sums and the watermark follow when there is very much to fold. */
const RUN_MILLIS = 30_000;

/** Keeps the measures of a process's database up to date, and shows how far they are. */
export function foldMetricsJob({ measures, metrics, storage }: Pick<Runtime, "measures" | "metrics" | "storage">): Job {
  exposeFolding(metrics.registry, () => measures.folding.backlog());
  return foldJob(measures.folding, storage.kind === "pglite" ? EMBEDDED_FOLD_BATCHES : POSTGRES_FOLD_BATCHES);
}

/** Folds events into measures and measures into sums; see `FoldSteps`. */
export function foldJob(folding: MetricFolding, batches: FoldBatches): Job {
  return {
    name: "fold_metrics",
    everySeconds: INTERVAL_SECONDS,
    exclusive: true,
    run: (signal) => foldOnce(folding, batches, signal),
  };
}

/** Folds what there is, as long as a run may take. */
async function foldOnce(folding: MetricFolding, batches: FoldBatches, signal: AbortSignal): Promise<JobYield> {
  const end = performance.now() + RUN_MILLIS;
  const mayGoOn = (): boolean => !signal.aborted && performance.now() < end;
  return folding.run(async (steps) => {
    await steps.refreshStatistics();
    await steps.noteMetrics();
    let left = true;
    while (left && mayGoOn()) {
      const queued = await steps.queueEarlier(batches.queued);
      const folded = await steps.foldSubjects(batches.subjects);
      left = queued || folded === batches.subjects;
    }
    await steps.advanceWatermark();
    // Sums may lag: readers pass over the days that have changed.
    let days = batches.days;
    while (days === batches.days && mayGoOn()) days = await steps.rollUp(batches.days);
    return left || days === batches.days ? "more" : "done";
  });
}
