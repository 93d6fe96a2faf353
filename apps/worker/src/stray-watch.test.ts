import { describe, expect, it, vi } from "vitest";
import { LottyError } from "@lotty/domain";
import { ManualTimer } from "@lotty/testkit/fakes/manual-timer";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { watchStrays } from "./stray-watch.ts";

function watch(strays: () => Promise<number>) {
  const metrics = { written: vi.fn(), setAside: vi.fn(), reclaimed: vi.fn(), strays: vi.fn() };
  const timer = new ManualTimer();
  const logger = new RecordingLogger();
  const stop = watchStrays({ partitions: { strays }, timer, metrics, logger });
  return { metrics, timer, logger, stop };
}

describe("watchStrays", () => {
  it("looks at once and then from time to time, until it is stopped", async () => {
    const strays = vi.fn(() => Promise.resolve(0));
    const { metrics, timer, logger, stop } = watch(strays);
    await vi.waitFor(() => expect(metrics.strays).toHaveBeenCalledWith(0));
    timer.fire();
    expect(strays).toHaveBeenCalledTimes(2);
    stop();
    expect(timer.tasks).toBe(0);
    expect(logger.lines).toStrictEqual([]);
  });

  it("raises the alarm when there are strays", async () => {
    const { metrics, logger } = watch(() => Promise.resolve(3));
    await vi.waitFor(() => expect(metrics.strays).toHaveBeenCalledWith(3));
    expect(logger.lines).toStrictEqual([{ level: "warn", event: "decisions_astray", fields: { count: 3 } }]);
  });

  it("goes on when it cannot look", async () => {
    const error = new LottyError("database_unavailable", "away");
    const strays = vi.fn(() => Promise.resolve(1)).mockRejectedValueOnce(error);
    const { metrics, timer, logger } = watch(strays);
    await vi.waitFor(() => expect(logger.events).toStrictEqual(["decisions_astray_unknown"]));
    timer.fire();
    await vi.waitFor(() => expect(metrics.strays).toHaveBeenCalledWith(1));
  });
});
