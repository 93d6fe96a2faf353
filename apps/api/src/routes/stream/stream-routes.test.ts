import { EventSource } from "eventsource";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DEMO_FILE } from "../../testing/demo-file.ts";
import { RawConnection } from "../../testing/raw-connection.ts";
import { serveConfiguration, type ServedConfiguration } from "../../testing/serve-configuration.ts";

let server: ServedConfiguration;
let sources: EventSource[];

beforeEach(async () => {
  server = await serveConfiguration(DEMO_FILE);
  sources = [];
});

afterEach(async () => {
  for (const source of sources) source.close();
  await server.close(0);
});

/** Another configuration each time. */
const changed = (time: number): string => DEMO_FILE.replace("default: narrow", `default: narrow-${time}`);

function listen(path: string, requests: (string | null)[] = []): EventSource {
  const source = new EventSource(`${server.url}${path}`, {
    fetch: (url, init) => {
      requests.push(new Headers(init.headers).get("last-event-id"));
      return fetch(url, init);
    },
  });
  sources.push(source);
  return source;
}

describe("GET /v1/stream", () => {
  it("tells the revision at the start and every new one", async () => {
    const told: unknown[] = [];
    const source = listen("/v1/stream");
    source.addEventListener("configuration_changed", ({ data, lastEventId }) =>
      told.push([lastEventId, JSON.parse(String(data))]),
    );
    await expect.poll(() => told).toEqual([["1", { environment: "production", revision: 1 }]]);
    await server.change(changed(2));
    await expect.poll(() => told.at(-1)).toEqual(["2", { environment: "production", revision: 2 }]);
  });

  it("answers a request for its head and lets go", async () => {
    const response = await fetch(`${server.url}/v1/stream`, { method: "HEAD" });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(server.streams.size).toBe(0);
  });

  it("lets a client that was cut off catch up by what it heard last", async () => {
    const requests: (string | null)[] = [];
    const told: string[] = [];
    const source = listen("/v1/stream", requests);
    source.addEventListener("configuration_changed", ({ lastEventId }) => told.push(lastEventId));
    await expect.poll(() => told).toEqual(["1"]);
    // The client comes back after some seconds, as it was told, and has missed a revision.
    server.streams.cut();
    await server.change(changed(2));
    await expect.poll(() => told, { timeout: 10_000 }).toEqual(["1", "2"]);
    expect(requests).toEqual([null, "1"]);
  });

  it("turns those away for whom there is no room", async () => {
    const crowded = await serveConfiguration(DEMO_FILE, { maxStreams: 1 });
    const first = await fetch(`${crowded.url}/v1/stream`);
    const second = await fetch(`${crowded.url}/ofrep/v1/stream`);
    expect(second.status).toBe(429);
    expect(second.headers.get("retry-after")).toMatch(/^[12]$/);
    expect(await second.json()).toMatchObject({ code: "overloaded" });
    await first.body?.cancel();
    await expect.poll(() => crowded.streams.size).toBe(0);
    expect((await fetch(`${crowded.url}/v1/stream`)).status).toBe(200);
    await crowded.close(0);
  });

  it("keeps nobody from deciding: streams are no requests that are being worked on", async () => {
    const busy = await serveConfiguration(DEMO_FILE, { limits: { maxInFlight: 1 } });
    const open = await Promise.all([1, 2, 3].map(() => fetch(`${busy.url}/v1/stream`)));
    const response = await fetch(`${busy.url}/v1/decide`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ flag: "checkout", subject_id: "ada" }),
    });
    expect(response.status).toBe(200);
    for (const each of open) await each.body?.cancel();
    await busy.close(0);
  });

  it("ends when the server is told to stop, which then takes no longer than without it", async () => {
    const stream = await fetch(`${server.url}/v1/stream`);
    const startedAt = performance.now();
    await server.close(0);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect(await stream.text()).toContain("configuration_changed");
    server = await serveConfiguration(DEMO_FILE);
  });
});

describe("GET /ofrep/v1/stream", () => {
  it("tells clients to fetch anew, in the words of the protocol", async () => {
    const told: unknown[] = [];
    listen("/ofrep/v1/stream").addEventListener("message", ({ data }) => told.push(JSON.parse(String(data))));
    await expect.poll(() => told).toEqual([{ type: "refetchEvaluation", etag: '"1"' }]);
    await server.change(changed(2));
    await expect.poll(() => told.at(-1)).toEqual({ type: "refetchEvaluation", etag: '"2"' });
  });
});

describe("many streams", () => {
  it("hear of a hundred changes, each within a second", async () => {
    const heard = new Map<number, PromiseWithResolvers<number>>();
    for (let revision = 2; revision <= 101; revision += 1) heard.set(revision, Promise.withResolvers());
    const source = listen("/v1/stream");
    source.addEventListener("configuration_changed", ({ lastEventId }) => {
      heard.get(Number(lastEventId))?.resolve(performance.now());
    });
    await expect.poll(() => server.streams.size).toBe(1);
    const delays: number[] = [];
    for (let revision = 2; revision <= 101; revision += 1) {
      const changedAt = performance.now();
      await server.change(changed(revision));
      delays.push(((await heard.get(revision)?.promise) ?? Number.NaN) - changedAt);
    }
    delays.sort((a, b) => a - b);
    expect(delays).toHaveLength(100);
    expect(delays.at(-1)).toBeLessThan(1_000);
  });

  it("come back by the hundreds, and each hears what it missed", async () => {
    const CLIENTS = 200;
    const openAll = async (head: string): Promise<readonly RawConnection[]> => {
      const connections = await Promise.all(
        Array.from({ length: CLIENTS }, () => RawConnection.open(server.address.port)),
      );
      for (const connection of connections) connection.send(`GET /v1/stream HTTP/1.1\r\nHost: a\r\n${head}\r\n`);
      return connections;
    };
    const first = await openAll("");
    for (const connection of first) await connection.until(/id: 1\n/);
    expect(server.streams.size).toBe(CLIENTS);
    server.streams.cut();
    for (const connection of first) await connection.until(/\r\n0\r\n\r\n/);
    for (const connection of first) connection.close();
    await expect.poll(() => server.streams.size).toBe(0);
    await server.change(changed(2));
    const second = await openAll("Last-Event-ID: 1\r\n");
    for (const connection of second) expect(await connection.until(/id: 2\n/)).toContain("id: 2\n");
    // Who comes back with nothing missed hears nothing.
    const up = await RawConnection.open(server.address.port);
    up.send("GET /v1/stream HTTP/1.1\r\nHost: a\r\nLast-Event-ID: 2\r\n\r\n");
    await expect.poll(() => server.streams.size).toBe(CLIENTS + 1);
    expect(await up.until(/retry: \d+\n\n/)).not.toMatch(/\nid:/);
    for (const connection of [...second, up]) connection.close();
    await expect.poll(() => server.streams.size).toBe(0);
  });
});
