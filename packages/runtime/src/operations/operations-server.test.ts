import { afterEach, describe, expect, it } from "vitest";
import { Health } from "../health/health.ts";
import { createMetrics } from "../metrics/create-metrics.ts";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { startOperationsServer, type OperationsServer } from "./operations-server.ts";

const opened: OperationsServer[] = [];

async function open(port = 0) {
  const health = new Health();
  const logger = new RecordingLogger();
  const { registry } = createMetrics();
  const server = await startOperationsServer({ address: { host: "127.0.0.1", port }, health, registry, logger });
  opened.push(server);
  return { health, logger, registry, server, url: `http://127.0.0.1:${server.address.port}` };
}

afterEach(async () => {
  for (const server of opened.splice(0)) await server.close();
});

describe("startOperationsServer", () => {
  it("says that the process lives, whatever its checks say", async () => {
    const { health, url } = await open();
    health.add({ name: "database", required: true, run: () => ({ status: "failing" }) });
    const response = await fetch(`${url}/livez`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: "alive" });
  });

  it("answers 503 until the process is ready, then 200 with each check, and 503 again when it stops", async () => {
    const { health, url } = await open();
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    health.add({ name: "configuration", required: true, run: () => ({ status: "ok", revision: 3 }) });
    health.started();
    const ready = await fetch(`${url}/readyz`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({
      status: "ready",
      checks: { configuration: { status: "ok", revision: 3 } },
    });
    health.stopping();
    const stopping = await fetch(`${url}/readyz`);
    expect(stopping.status).toBe(503);
    expect(await stopping.json()).toMatchObject({ status: "stopping" });
  });

  it("shows metrics as Prometheus reads them", async () => {
    const { url } = await open();
    const response = await fetch(`${url}/metrics?x=1`);
    expect(response.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(await response.text()).toContain("# TYPE lotty_decide_requests_total counter\n");
  });

  it("answers HEAD without a body, and 404 to anything else", async () => {
    const { url } = await open();
    const head = await fetch(`${url}/livez`, { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    for (const path of ["/", "/livez/", "/toString", "/__proto__"]) expect((await fetch(url + path)).status).toBe(404);
    expect((await fetch(`${url}/livez`, { method: "POST" })).status).toBe(404);
  });

  it("logs what goes wrong and answers 500", async () => {
    const { logger, registry, url } = await open();
    registry.metrics = () => Promise.reject(new Error("broken"));
    expect((await fetch(`${url}/metrics`)).status).toBe(500);
    expect(logger.events).toEqual(["operations_request_failed"]);
  });

  it("says clearly that its port is taken", async () => {
    const { server } = await open();
    const { port } = server.address;
    await expect(open(port)).rejects.toMatchObject({
      code: "address_in_use",
      message: `port ${port} on 127.0.0.1 is taken by another process`,
    });
  });

  it("says clearly that its address is not this machine's", async () => {
    const health = new Health();
    const { registry } = createMetrics();
    const address = { host: "192.0.2.1", port: 0 };
    await expect(
      startOperationsServer({ address, health, registry, logger: new RecordingLogger() }),
    ).rejects.toMatchObject({ code: "invalid_configuration", message: "192.0.2.1 is not an address of this machine" });
  });

  it("closes at once, even while connections are kept alive", async () => {
    const { server, url } = await open();
    await (await fetch(`${url}/livez`)).text();
    await server.close();
    await expect(fetch(`${url}/livez`)).rejects.toThrow("fetch failed");
  });
});
