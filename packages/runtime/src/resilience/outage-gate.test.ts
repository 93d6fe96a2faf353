import { LottyError } from "@lotty/domain";
import { describe, expect, it, vi } from "vitest";
import { GatedDecisionCache, GatedQueue, GatedHistoryCache } from "./gated-caches.ts";
import { GatedHistorySource } from "./gated-history-source.ts";
import { OutageGate } from "./outage-gate.ts";

const refusal = () => new Error("refused");

function open() {
  let now = 0;
  const gate = new OutageGate({ now: () => now });
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

describe("an outage gate that counts", () => {
  it("lets failures through as long as there are answers between them, and takes too many in a row for an outage", async () => {
    const gate = new OutageGate({ failures: 3, now: () => 0 });
    const run = (failing: boolean) =>
      gate.run(() => (failing ? Promise.reject(new Error("down")) : Promise.resolve("done")), refusal);
    for (const failing of [true, true, false, true, true]) {
      await expect(run(failing).catch((error: Error) => error.message)).resolves.toBe(failing ? "down" : "done");
    }
    await expect(run(true)).rejects.toThrow("down");
    await expect(run(false)).rejects.toThrow("refused");
  });

  it("takes an error that is no failure for an answer", async () => {
    const gate = new OutageGate({ isFailure: () => false, now: () => 0 });
    for (let time = 0; time < 3; time += 1) {
      await expect(gate.run(() => Promise.reject(new Error("no")), refusal)).rejects.toThrow("no");
    }
  });
});

describe("histories behind a gate", () => {
  it("fail at once after five failures in a row, are tried again after a second, and flow again after an answer", async () => {
    let now = 0;
    const down = new LottyError("database_unavailable", "down");
    const load = vi.fn<() => Promise<[]>>(() => Promise.reject(down));
    const gated = new GatedHistorySource({ load }, () => now);
    for (let time = 0; time < 5; time += 1) await expect(gated.load("e", "s")).rejects.toBe(down);
    await expect(gated.load("e", "s")).rejects.toMatchObject({ code: "database_unavailable" });
    expect(load).toHaveBeenCalledTimes(5);
    now = 1_000;
    load.mockResolvedValue([]);
    expect(await gated.load("e", "s")).toEqual([]);
    expect(await gated.load("e", "s")).toEqual([]);
  });

  it("are still asked for after statements that the database refused", async () => {
    const load = vi.fn<() => Promise<[]>>(() => Promise.reject(new LottyError("database_rejected", "no")));
    const gated = new GatedHistorySource({ load }, () => 0);
    for (let time = 0; time < 9; time += 1) await expect(gated.load("e", "s")).rejects.toThrow("no");
    expect(load).toHaveBeenCalledTimes(9);
  });
});

describe("what stands behind a gate", () => {
  it("fails at once with its own error code while its server is down, whichever port saw it first", async () => {
    const gate = new OutageGate({ now: () => 0 });
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
      historyCache.put("env", "s", { history: [], ttlSeconds: 1 }),
      historyCache.merge("env", "s", []),
      historyCache.remove("env", "s"),
    ];
    for (const attempt of attempts) await expect(attempt).rejects.toMatchObject({ code: "cache_unavailable" });
    await expect(new GatedQueue(queue, gate).enqueue([])).rejects.toMatchObject({
      code: "decision_stream_unavailable",
    });
    expect(decisions.get).toHaveBeenCalledTimes(1);
    for (const spy of [decisions.set, ...Object.values(histories), queue.enqueue]) expect(spy).not.toHaveBeenCalled();
  });
});
