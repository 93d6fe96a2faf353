import { LottyError, type Exclusively, type JobLocks } from "@lotty/domain";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { Registry } from "prom-client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Job, JobYield } from "./job.ts";
import { createJobMetrics } from "./job-metrics.ts";
import { JobRunner } from "./job-runner.ts";

/** Locks that others may have. */
class FakeLocks implements JobLocks {
  taken = false;
  readonly names: string[] = [];

  async exclusively<Result>(name: string, _max: number, work: () => Promise<Result>): Promise<Exclusively<Result>> {
    this.names.push(name);
    return this.taken ? { held: false } : { held: true, result: await work() };
  }
}

let locks: FakeLocks;
let logger: RecordingLogger;
let registry: Registry;
const runners: JobRunner[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  locks = new FakeLocks();
  logger = new RecordingLogger();
  registry = new Registry();
});
afterEach(async () => {
  await Promise.all(runners.splice(0).map((runner) => runner.stop()));
  vi.useRealTimers();
});

/** Starts a job every ten seconds, in the middle of its jitter. */
function start(run: Job["run"], more: Partial<Job> = {}): JobRunner {
  const job: Job = { name: "sweep", everySeconds: 10, exclusive: true, run, ...more };
  const metrics = createJobMetrics(registry);
  const runner = new JobRunner([job], { locks, metrics, logger, random: () => 0.5 });
  runners.push(runner);
  runner.start();
  return runner;
}

function working(...yields: readonly JobYield[]): ReturnType<typeof vi.fn<Job["run"]>> {
  const run = vi.fn<Job["run"]>(() => Promise.resolve("done"));
  for (const each of yields) run.mockResolvedValueOnce(each);
  return run;
}

async function runs(outcome: string): Promise<number | undefined> {
  const counted = await registry.getSingleMetric("lotty_job_runs_total")?.get();
  return counted?.values.find(({ labels }) => labels["outcome"] === outcome)?.value;
}

describe("a job runner", () => {
  it("runs a job within the first interval and then once per interval", async () => {
    const run = working();
    start(run);
    await vi.advanceTimersByTimeAsync(4_999);
    expect(run).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(run).toHaveBeenCalledOnce();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(run).toHaveBeenCalledTimes(3);
    expect(await runs("done")).toBe(3);
  });

  it("runs a job again at once while it says that more is left", async () => {
    const run = working("more", "more");
    start(run);
    await vi.advanceTimersByTimeAsync(5_010);
    expect(run).toHaveBeenCalledTimes(3);
  });

  it("leaves a job alone that another process is at", async () => {
    locks.taken = true;
    const run = working();
    const runner = start(run);
    expect(await runner.runNow("sweep")).toBe("elsewhere");
    expect(run).not.toHaveBeenCalled();
    expect(await runs("elsewhere")).toBe(1);
  });

  it("asks for no lock when all processes may run a job", async () => {
    locks.taken = true;
    const run = working();
    const runner = start(run, { exclusive: false });
    expect(await runner.runNow("sweep")).toBe("done");
    expect(locks.names).toStrictEqual([]);
  });

  it("tries a run that failed again, later and later, but not later than the interval", async () => {
    const away = new LottyError("database_unavailable", "away");
    const at: number[] = [];
    const begin = Date.now();
    start(() => {
      at.push(Date.now() - begin);
      return Promise.reject(away);
    });
    await vi.advanceTimersByTimeAsync(40_000);
    // Waits are three quarters of 1, 2, 4, 8 and 10 seconds here.
    expect(at.slice(0, 6)).toStrictEqual([5_000, 5_750, 7_250, 10_250, 16_250, 23_750]);
    expect(logger.lines[0]).toMatchObject({ event: "job_failed", fields: { job: "sweep", failures: 1, error: away } });
    expect(await runs("failed")).toBe(at.length);
  });

  it("runs a job now when asked to, after the run that is under way", async () => {
    const first = Promise.withResolvers<JobYield>();
    const run = vi.fn<Job["run"]>(() => Promise.resolve("done")).mockReturnValueOnce(first.promise);
    const runner = start(run);
    await vi.advanceTimersByTimeAsync(5_000);
    const asked = runner.runNow("sweep");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(run).toHaveBeenCalledOnce();
    first.resolve("done");
    expect(await asked).toBe("done");
    expect(run).toHaveBeenCalledTimes(2);
  });

  it("passes on why a run that was asked for failed", async () => {
    const failure = new Error("broken");
    const runner = start(() => Promise.reject(failure));
    await expect(runner.runNow("sweep")).rejects.toBe(failure);
    await expect(runner.runNow("sleep")).rejects.toMatchObject({ code: "internal" });
  });

  it("tells a run to end when it is stopped, waits for it, and begins no other", async () => {
    const ended = vi.fn<() => void>();
    const run = vi.fn<Job["run"]>(
      (signal) =>
        new Promise((resolve) => {
          signal.addEventListener("abort", () => {
            ended();
            resolve("more");
          });
        }),
    );
    const runner = start(run);
    await vi.advanceTimersByTimeAsync(5_000);
    await runner.stop();
    expect(ended).toHaveBeenCalledOnce();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(run).toHaveBeenCalledOnce();
  });

  it("ends without a run when it is stopped while it waits, and never starts after that", async () => {
    const run = working();
    const runner = start(run);
    await runner.stop();
    runner.start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(run).not.toHaveBeenCalled();
  });
});
