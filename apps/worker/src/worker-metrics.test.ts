import { Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import { createWorkerMetrics, exposeBacklog } from "./worker-metrics.ts";

describe("the metrics of a worker", () => {
  it("are there from the start, at 0", async () => {
    const registry = new Registry();
    createWorkerMetrics(registry);
    const text = await registry.metrics();
    expect(text).toContain("\nlotty_worker_decisions_written_total 0\n");
    expect(text).toContain('lotty_worker_decisions_set_aside_total{cause="malformed"} 0');
    expect(text).toContain('lotty_worker_decisions_set_aside_total{cause="rejected"} 0');
    expect(text).toContain("\nlotty_worker_batch_seconds_count 0\n");
  });

  it("show what was done", async () => {
    const registry = new Registry();
    const metrics = createWorkerMetrics(registry);
    metrics.written(1_000, 0.02);
    metrics.setAside("rejected");
    metrics.reclaimed(7);
    metrics.strays(2);
    const text = await registry.metrics();
    expect(text).toContain("\nlotty_worker_decisions_written_total 1000\n");
    expect(text).toContain('lotty_worker_batch_seconds_bucket{le="0.025"} 1');
    expect(text).toContain('lotty_worker_batch_seconds_bucket{le="0.01"} 0');
    expect(text).toContain('{cause="rejected"} 1');
    expect(text).toContain("\nlotty_worker_decisions_reclaimed_total 7\n");
    expect(text).toContain("\nlotty_decisions_astray 2\n");
  });
});

describe("the backlog", () => {
  it("is asked for at each scrape, and absent while nobody answers", async () => {
    const registry = new Registry();
    let answer = Promise.resolve({ unread: 5, pending: 2 });
    exposeBacklog(registry, { of: "decisions", backlog: () => answer, deadLetters: () => Promise.resolve(1) });
    const text = await registry.metrics();
    expect(text).toContain('lotty_stream_backlog{state="unread"} 5');
    expect(text).toContain('lotty_stream_backlog{state="pending"} 2');
    expect(text).toContain('lotty_stream_backlog{state="set_aside"} 1');
    answer = Promise.reject(new Error("away"));
    expect(await registry.metrics()).not.toContain("lotty_stream_backlog{");
  });
});
