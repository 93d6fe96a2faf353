import { describe, expect, it, vi } from "vitest";
import { LottyError } from "@lotty/domain";
import { ManualTimer } from "@lotty/testkit/fakes/manual-timer";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { watchStrays } from "./stray-watch.ts";
import type { WorkerMetrics } from "./worker-metrics.ts";

function watch(strays: () => Promise<number>) {
  const seen = vi.fn<(count: number) => void>();
  const metrics: WorkerMetrics = { written: () => {}, setAside: () => {}, reclaimed: () => {}, strays: seen };
  const timer = new ManualTimer();
  const logger = new RecordingLogger();
  const stop = watchStrays({ partitions: { strays }, timer, metrics, logger });
  return { seen, timer, logger, stop };
}

describe("watchStrays", () => {
  it("looks at once and then from time to time, until it is stopped", async () => {
    const strays = vi.fn<() => Promise<number>>(() => Promise.resolve(0));
    const { seen, timer, logger, stop } = watch(strays);
    await vi.waitFor(() => expect(seen).toHaveBeenCalledWith(0));
    timer.fire();
    expect(strays).toHaveBeenCalledTimes(2);
    stop();
    expect(timer.tasks).toBe(0);
    expect(logger.lines).toStrictEqual([]);
  });

  it("raises the alarm when there are strays", async () => {
    const { seen, logger } = watch(() => Promise.resolve(3));
    await vi.waitFor(() => expect(seen).toHaveBeenCalledWith(3));
    expect(logger.lines).toStrictEqual([{ level: "warn", event: "decisions_astray", fields: { count: 3 } }]);
  });

  it("goes on when it cannot look", async () => {
    const error = new LottyError("database_unavailable", "away");
    const strays = vi.fn<() => Promise<number>>(() => Promise.resolve(1)).mockRejectedValueOnce(error);
    const { seen, timer, logger } = watch(strays);
    await vi.waitFor(() => expect(logger.events).toStrictEqual(["decisions_astray_unknown"]));
    timer.fire();
    await vi.waitFor(() => expect(seen).toHaveBeenCalledWith(1));
  });
});
