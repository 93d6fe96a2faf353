import { describe, expect, it, vi } from "vitest";
import { LottyError } from "@lotty/domain";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { persist, waitMillis, type PersistOptions } from "./persist.ts";

const away = new LottyError("decision_store_unavailable", "away");

function options(more: Partial<PersistOptions> = {}): PersistOptions & { readonly logger: RecordingLogger } {
  return { attempt: "testing", signal: new AbortController().signal, ...more, logger: new RecordingLogger() };
}

/** Fails so many times, then succeeds. */
function failing(times: number, error: unknown = away): () => Promise<string> {
  const operation = vi.fn<() => Promise<string>>(() => Promise.resolve("done"));
  for (let index = 0; index < times; index += 1) operation.mockRejectedValueOnce(error);
  return operation;
}

describe("persist", () => {
  it("says nothing of what succeeds at once", async () => {
    const given = options();
    expect(await persist(failing(0), given)).toBe("done");
    expect(given.logger.lines).toStrictEqual([]);
  });

  it("tries until it succeeds, with one line when it begins and one when it is over", async () => {
    const interruptions: unknown[] = [];
    const given = options({ onInterruption: (error) => interruptions.push(error) });
    expect(await persist(failing(2), given)).toBe("done");
    expect(given.logger.lines).toStrictEqual([
      { level: "warn", event: "worker_interrupted", fields: { attempt: "testing", error: away } },
      { level: "info", event: "worker_resumed", fields: { attempt: "testing", failures: 2 } },
    ]);
    expect(interruptions).toStrictEqual([away, away, undefined]);
  });

  it("tries again after a defect too, and calls for a person", async () => {
    const given = options();
    await persist(failing(1, new TypeError("a defect")), given);
    expect(given.logger.lines[0]).toMatchObject({ level: "error", event: "worker_interrupted" });
  });

  it("passes a final failure on at once", async () => {
    const given = options({ isFinal: (error) => error === away });
    await expect(persist(failing(1), given)).rejects.toBe(away);
    expect(given.logger.lines).toStrictEqual([]);
  });

  it("makes one more try when the work is no longer wanted, without waiting", async () => {
    const stopping = new AbortController();
    const operation = vi.fn<() => Promise<never>>(() => Promise.reject(away));
    const trying = persist(operation, options({ signal: stopping.signal }));
    await vi.waitFor(() => expect(operation).toHaveBeenCalledTimes(5), { timeout: 5_000 });
    stopping.abort();
    await expect(trying).rejects.toBe(away);
    expect(operation).toHaveBeenCalledTimes(6);
  });

  it("still makes a try when the work is no longer wanted from the start", async () => {
    expect(await persist(failing(0), options({ signal: AbortSignal.abort() }))).toBe("done");
    await expect(persist(failing(1), options({ signal: AbortSignal.abort() }))).rejects.toBe(away);
  });
});

describe("the wait between tries", () => {
  it.each([
    [0, 100],
    [1, 200],
    [3, 800],
    [6, 5_000],
    [1_000, 5_000],
  ])("after %i failures is between half of and the whole of %i ms", (failures, longest) => {
    const waits = Array.from({ length: 100 }, () => waitMillis(failures));
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(longest / 2);
    expect(Math.max(...waits)).toBeLessThanOrEqual(longest);
    expect(new Set(waits).size).toBeGreaterThan(1);
  });
});
