import { LottyError } from "@lotty/domain";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { afterEach, describe, expect, it } from "vitest";
import { RawConnection } from "./testing/raw-connection.ts";
import { ScriptedDecider } from "./testing/scripted-decider.ts";
import { type ServedForTest, type ServeForTestOptions, serveForTest } from "./testing/serve-for-test.ts";

const BODY = JSON.stringify({ flag: "checkout", subject_id: "user-1" });
const INIT = { method: "POST", body: BODY, headers: { "content-type": "application/json" } };
const SLOW = `POST /v1/decide HTTP/1.1\r\nHost: lotty\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n{`;

let server: ServedForTest;
let decider: ScriptedDecider;
let logger: RecordingLogger;
let release: () => void;

afterEach(async () => {
  release();
  await server.close(0);
});

async function serve(limits: ServeForTestOptions["limits"] = {}): Promise<void> {
  decider = new ScriptedDecider();
  logger = new RecordingLogger();
  const released = Promise.withResolvers<void>();
  release = () => released.resolve();
  decider.before = () => released.promise;
  server = await serveForTest({ decider, logger, limits });
}

function decide(): Promise<Response> {
  return fetch(`${server.url}/v1/decide`, INIT);
}

async function metrics(): Promise<string> {
  return (await fetch(`${server.url}/metrics`)).text();
}

describe("more requests than the limits", () => {
  it("are answered with 429 at once, and the others as if nothing was", async () => {
    await serve({ maxInFlight: 2, maxWaiting: 1 });
    const taken = [decide(), decide(), decide()];
    await expect.poll(() => decider.asked.length).toBe(2);
    await expect.poll(async () => (await decide()).status).toBe(429);
    for (const path of ["/v1/decide", "/v1/explain"]) {
      const turnedAway = await fetch(`${server.url}${path}`, INIT);
      expect(turnedAway.status).toBe(429);
      expect(turnedAway.headers.get("retry-after")).toMatch(/^[12]$/);
      expect(turnedAway.headers.get("content-type")).toBe("application/problem+json");
      expect(await turnedAway.json()).toMatchObject({ code: "overloaded", title: "Too Many Requests" });
    }
    release();
    for (const response of await Promise.all(taken)) expect(response.status).toBe(200);
    expect((await decide()).status).toBe(200);
    expect(await metrics()).toMatch(/lotty_requests_shed_total\{cause="in_flight"\} [3-9]/);
    expect(await metrics()).toContain('lotty_http_requests_total{route="/v1/explain",status="429"} 1\n');
    expect(logger.lines.filter(({ event, level }) => event === "http_request" && level !== "debug")).toEqual([]);
  });

  it("leave health and metrics alone, whatever the cause", async () => {
    await serve({ eventLoop: { behind: true }, fewRequests: 0 });
    expect((await decide()).status).toBe(429);
    for (const path of ["/livez", "/readyz", "/metrics"]) {
      expect((await fetch(`${server.url}${path}`)).status).toBe(200);
    }
    expect(await metrics()).toContain('lotty_requests_shed_total{cause="event_loop"} 1\n');
  });

  it("leave their connections usable", async () => {
    const eventLoop = { behind: true };
    await serve({ eventLoop, fewRequests: 0 });
    const connection = await RawConnection.open(server.address.port);
    const request = `${SLOW.replace("999", String(BODY.length)).slice(0, -1)}${BODY}`;
    connection.send(request);
    expect(await connection.until(/"code":"overloaded".*}$/)).toMatch(/^HTTP\/1.1 429 /);
    eventLoop.behind = false;
    release();
    connection.send(request);
    expect(await connection.until(/"durability":"committed"}$/)).toContain("HTTP/1.1 200 ");
    connection.close();
  });

  it("do not count callers who send slowly: those take nobody's place", async () => {
    await serve({ maxInFlight: 1, maxWaiting: 0 });
    release();
    const slow = await Promise.all(Array.from({ length: 5 }, () => RawConnection.open(server.address.port)));
    for (const connection of slow) connection.send(SLOW);
    expect((await decide()).status).toBe(200);
    for (const connection of slow) connection.close();
  });
});

describe("a request that takes too long", () => {
  it("is answered with 504 and may be tried again", async () => {
    await serve({ timeoutMillis: 100 });
    const startedAt = performance.now();
    const response = await decide();
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect(response.status).toBe(504);
    expect(response.headers.get("retry-after")).toBe("1");
    expect(await response.json()).toMatchObject({ code: "timeout" });
  });

  it("does not end the process when its work fails after that", async () => {
    await serve({ timeoutMillis: 50 });
    const late = Promise.withResolvers<void>();
    decider.before = () => late.promise;
    expect((await decide()).status).toBe(504);
    late.reject(new LottyError("database_unavailable", "too late"));
    decider.before = () => {};
    expect((await decide()).status).toBe(200);
  });
});
