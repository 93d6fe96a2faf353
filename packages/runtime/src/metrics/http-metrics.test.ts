import { Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import { createHttpMetrics, exposeRequestLoad } from "./http-metrics.ts";

describe("the metrics of requests", () => {
  it("count by route and status, and spread times over buckets that add up", async () => {
    const registry = new Registry();
    const metrics = createHttpMetrics(registry);
    const meter = metrics.route("/v1/decide");
    for (const seconds of [0.0001, 0.0005, 0.003, 20]) meter.answered(200, seconds);
    metrics.route("/v1/decide").answered(503, 0.2);
    metrics.route("/v1/explain").answered(200, 0.01);
    const text = await registry.metrics();
    for (const line of [
      "# TYPE lotty_http_requests_total counter",
      'lotty_http_requests_total{route="/v1/decide",status="200"} 4',
      'lotty_http_requests_total{route="/v1/decide",status="503"} 1',
      'lotty_http_requests_total{route="/v1/explain",status="200"} 1',
      "# TYPE lotty_http_request_seconds histogram",
      'lotty_http_request_seconds_bucket{le="0.0005",route="/v1/decide"} 2',
      'lotty_http_request_seconds_bucket{le="0.001",route="/v1/decide"} 2',
      'lotty_http_request_seconds_bucket{le="0.005",route="/v1/decide"} 3',
      'lotty_http_request_seconds_bucket{le="10",route="/v1/decide"} 4',
      'lotty_http_request_seconds_bucket{le="+Inf",route="/v1/decide"} 5',
      'lotty_http_request_seconds_count{route="/v1/decide"} 5',
      'lotty_http_request_seconds_count{route="/v1/explain"} 1',
    ]) {
      expect(text.split("\n")).toContain(line);
    }
    expect(text).toMatch(/lotty_http_request_seconds_sum\{route="\/v1\/decide"\} 20\.203/);
    expect(await registry.metrics()).toBe(text);
  });

  it("are there as JSON too, for aggregation", async () => {
    const registry = new Registry();
    createHttpMetrics(registry).route("/v1/decide").answered(200, 0.1);
    const metrics = await registry.getMetricsAsJSON();
    const found = metrics.find(({ name }) => name === "lotty_http_request_seconds");
    expect(found?.values).toContainEqual({
      metricName: "lotty_http_request_seconds_bucket",
      labels: { le: "+Inf", route: "/v1/decide" },
      value: 1,
    });
  });

  it("show every cause of turning requests away from the start, and what is being worked on", async () => {
    const registry = new Registry();
    const metrics = createHttpMetrics(registry);
    exposeRequestLoad(registry, () => ({ inFlight: 3, waiting: 2 }));
    metrics.shed("in_flight");
    const text = await registry.metrics();
    expect(text).toContain('lotty_requests_shed_total{cause="in_flight"} 1\n');
    expect(text).toContain('lotty_requests_shed_total{cause="event_loop"} 0\n');
    expect(text).toContain("lotty_requests_in_flight 3\n");
    expect(text).toContain("lotty_requests_waiting 2\n");
  });
});
