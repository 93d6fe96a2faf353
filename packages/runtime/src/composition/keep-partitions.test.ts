import { LottyError, type Timer } from "@lotty/domain";
import { ManualClock } from "@lotty/testkit/fakes/manual-clock";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { expect, it, vi } from "vitest";
import { DAYS_AHEAD, keepPartitions } from "./keep-partitions.ts";

it("keepPartitions looks at once and every hour, survives failures, and stops", async () => {
  const ticks: { readonly millis: number; readonly task: () => void }[] = [];
  const stopTimer = vi.fn<() => void>();
  const timer: Timer = {
    every: (millis, task) => {
      ticks.push({ millis, task });
      return stopTimer;
    },
  };
  const ensureAhead = vi
    .fn<(now: number, days: number) => Promise<readonly string[]>>(() => Promise.resolve([]))
    .mockResolvedValueOnce(["decisions_d20260101"])
    .mockRejectedValueOnce(new LottyError("database_unavailable", "Away."));
  const partitions = { ensureAhead, strays: () => Promise.resolve(0), list: () => Promise.resolve([]) };
  const logger = new RecordingLogger();
  const keeping = keepPartitions({ partitions, clock: new ManualClock(42), timer, logger });

  await keeping.first;
  expect(ensureAhead).toHaveBeenCalledWith(42, DAYS_AHEAD);
  expect(ticks.map(({ millis }) => millis)).toEqual([3_600_000]);
  for (let hour = 0; hour < 2; hour += 1) {
    ticks[0]?.task();
    await Promise.resolve();
  }
  await vi.waitFor(() => expect(logger.events).toEqual(["decision_partitions_created", "decision_partitions_failed"]));
  expect(ensureAhead).toHaveBeenCalledTimes(3);
  keeping.stop();
  expect(stopTimer).toHaveBeenCalledOnce();
});
