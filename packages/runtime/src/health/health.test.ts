import { LottyError } from "@lotty/domain";
import { describe, expect, it, vi } from "vitest";
import { Health, type CheckResult } from "./health.ts";

function open() {
  let now = 0;
  const health = new Health(() => now);
  return { health, advance: (millis: number) => void (now += millis) };
}

const fine = (): CheckResult => ({ status: "ok" });
const broken = (): CheckResult => ({ status: "failing" });

describe("Health", () => {
  it("is not ready before the process says it has started", async () => {
    const { health } = open();
    expect(await health.report()).toEqual({ ready: false, status: "starting", checks: {} });
    health.started();
    expect(await health.report()).toEqual({ ready: true, status: "ready", checks: {} });
  });

  it("is not ready while a required check fails, and ready again afterwards", async () => {
    const { health, advance } = open();
    const run = vi.fn<() => CheckResult>(broken);
    health.add({ name: "configuration", required: true, run });
    health.started();
    expect(await health.report()).toMatchObject({ ready: false, status: "failing" });
    run.mockImplementation(fine);
    advance(1_000);
    expect(await health.report()).toMatchObject({ ready: true, status: "ready" });
  });

  it("stays ready while only something it can do without fails, and shows it", async () => {
    const { health } = open();
    health.add({ name: "redis", required: false, run: broken });
    health.started();
    expect(await health.report()).toMatchObject({ ready: true, checks: { redis: { status: "failing" } } });
  });

  it("is never ready again once the process is stopping", async () => {
    const { health } = open();
    health.started();
    health.stopping();
    health.started();
    expect(await health.report()).toMatchObject({ ready: false, status: "stopping" });
  });

  it("shows the code of what a check throws, never its message", async () => {
    const { health } = open();
    const error = new LottyError("database_unavailable", "no route to secret-host");
    health.add({ name: "database", required: false, run: () => Promise.reject(error) });
    health.add({ name: "other", required: false, run: () => Promise.reject(new Error("secret-host")) });
    const { checks } = await health.report();
    expect(checks["database"]).toMatchObject({ status: "failing", problem: "database_unavailable" });
    expect(checks["other"]).toMatchObject({ status: "failing", problem: "internal" });
    expect(JSON.stringify(checks)).not.toContain("secret-host");
  });

  it("gives up on a check that does not end", async () => {
    vi.useFakeTimers();
    try {
      const { health } = open();
      health.add({ name: "database", required: true, run: () => new Promise<CheckResult>(() => {}) });
      health.started();
      const report = health.report();
      await vi.advanceTimersByTimeAsync(1_000);
      expect(await report).toMatchObject({ ready: false, checks: { database: { problem: "timeout" } } });
    } finally {
      vi.useRealTimers();
    }
  });

  it("runs checks at most once a second however often it is asked, and shows how old results are", async () => {
    const { health, advance } = open();
    const run = vi.fn<() => CheckResult>(fine);
    health.add({ name: "database", required: false, run });
    await Promise.all([health.report(), health.report(), health.report()]);
    advance(250);
    expect((await health.report()).checks["database"]).toEqual({ status: "ok", checked_seconds_ago: 0.25 });
    expect(run).toHaveBeenCalledTimes(1);
    advance(750);
    await health.report();
    expect(run).toHaveBeenCalledTimes(2);
  });
});
