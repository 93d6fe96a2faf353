import { LottyError } from "@lotty/domain";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { describe, expect, it, vi } from "vitest";
import { UncheckedQueue } from "./unchecked-queue.ts";

const away = new LottyError("decision_stream_unavailable", "away");

function open() {
  let now = 0;
  const enqueue = vi.fn<() => Promise<void>>(() => Promise.resolve());
  const faults = vi.fn<() => Promise<readonly string[]>>(() => Promise.reject(away));
  const logger = new RecordingLogger();
  const queue = new UncheckedQueue({
    setting: "DECISION_WRITE_MODE",
    queue: { enqueue },
    faults,
    logger,
    now: () => now,
  });
  return { queue, enqueue, faults, logger, advance: (millis: number) => void (now += millis) };
}

describe("a queue that was not checked", () => {
  it("takes nothing while its server is away, and asks only once a second", async () => {
    const { queue, enqueue, faults, advance } = open();
    for (let time = 0; time < 3; time += 1) {
      await expect(queue.enqueue([])).rejects.toMatchObject({ code: "decision_stream_unavailable" });
    }
    expect(faults).toHaveBeenCalledTimes(1);
    advance(1_000);
    await expect(queue.enqueue([])).rejects.toBe(away);
    expect(faults).toHaveBeenCalledTimes(2);
    expect(enqueue).not.toHaveBeenCalled();
  });

  it("takes decisions from the moment at which its server has told that it keeps them", async () => {
    const { queue, enqueue, faults } = open();
    faults.mockResolvedValue([]);
    await queue.enqueue([]);
    await queue.enqueue([]);
    expect(faults).toHaveBeenCalledTimes(1);
    expect(enqueue).toHaveBeenCalledTimes(2);
  });

  it("never uses a server that may lose them, and calls for a person once", async () => {
    const { queue, enqueue, faults, logger } = open();
    faults.mockResolvedValue(["appendonly is no"]);
    for (let time = 0; time < 3; time += 1) {
      await expect(queue.enqueue([])).rejects.toMatchObject({ code: "decision_stream_unavailable" });
    }
    expect(enqueue).not.toHaveBeenCalled();
    expect(logger.lines).toMatchObject([{ level: "error", event: "decision_stream_unsafe" }]);
  });
});
