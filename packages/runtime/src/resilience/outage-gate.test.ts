import { LottyError } from "@lotty/domain";
import { describe, expect, it, vi } from "vitest";
import { GatedDecisionCache, GatedDecisionQueue, GatedHistoryCache } from "./gated-caches.ts";
import { OutageGate } from "./outage-gate.ts";

const refusal = () => new Error("refused");

function open() {
  let now = 0;
  const gate = new OutageGate(() => now);
  const task = vi.fn<() => Promise<string>>(() => Promise.resolve("done"));
  return { gate, task, run: () => gate.run(task, refusal), advance: (millis: number) => void (now += millis) };
}

describe("OutageGate", () => {
  it("lets everything through while nothing fails", async () => {
    const { run } = open();
    expect(await Promise.all([run(), run()])).toEqual(["done", "done"]);
  });

  it("passes a failure on and then refuses for a second without asking", async () => {
    const { run, task, advance } = open();
    task.mockRejectedValueOnce(new Error("down"));
    await expect(run()).rejects.toThrow("down");
    advance(999);
    await expect(run()).rejects.toThrow("refused");
    expect(task).toHaveBeenCalledTimes(1);
    advance(1);
    expect(await run()).toBe("done");
  });

  it("lets one call try after the rest, refuses others meanwhile, and lets all through once it succeeds", async () => {
    const { run, task, advance } = open();
    task.mockRejectedValueOnce(new Error("down"));
    await expect(run()).rejects.toThrow("down");
    advance(1_000);
    const trial = Promise.withResolvers<string>();
    task.mockReturnValueOnce(trial.promise);
    const trying = run();
    await expect(run()).rejects.toThrow("refused");
    trial.resolve("back");
    expect(await trying).toBe("back");
    expect(await run()).toBe("done");
  });

  it("rests for another second when the try fails", async () => {
    const { run, task, advance } = open();
    task.mockRejectedValueOnce(new Error("down")).mockRejectedValueOnce(new Error("still down"));
    await expect(run()).rejects.toThrow("down");
    advance(1_000);
    await expect(run()).rejects.toThrow("still down");
    advance(999);
    await expect(run()).rejects.toThrow("refused");
    advance(1);
    expect(await run()).toBe("done");
  });
});

describe("what stands behind a gate", () => {
  it("fails at once with its own error code while its server is down, whichever port saw it first", async () => {
    const gate = new OutageGate(() => 0);
    const down = () => Promise.reject(new LottyError("cache_unavailable", "down"));
    const decisions = { get: vi.fn<() => Promise<never>>(down), set: vi.fn<() => Promise<never>>(down) };
    const histories = {
      get: vi.fn<() => Promise<never>>(down),
      put: vi.fn<() => Promise<never>>(down),
      merge: vi.fn<() => Promise<never>>(down),
      remove: vi.fn<() => Promise<never>>(down),
    };
    const queue = { enqueue: vi.fn<() => Promise<never>>(down) };
    const decisionCache = new GatedDecisionCache(decisions, gate);
    const historyCache = new GatedHistoryCache(histories, gate);
    await expect(decisionCache.get("k")).rejects.toThrow("down");

    const attempts = [
      decisionCache.get("k"),
      decisionCache.set("k", { reason: "no_variants", experimentId: "e", variantId: null }, 1),
      historyCache.get("env", "s"),
      historyCache.put("env", "s", [], 1),
      historyCache.merge("env", "s", []),
      historyCache.remove("env", "s"),
    ];
    for (const attempt of attempts) await expect(attempt).rejects.toMatchObject({ code: "cache_unavailable" });
    await expect(new GatedDecisionQueue(queue, gate).enqueue([])).rejects.toMatchObject({
      code: "decision_stream_unavailable",
    });
    expect(decisions.get).toHaveBeenCalledTimes(1);
    for (const spy of [decisions.set, ...Object.values(histories), queue.enqueue]) expect(spy).not.toHaveBeenCalled();
  });
});
