import { loadConfig } from "@lotty/config";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestRedis, type TestRedis } from "@lotty/testkit/servers/redis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningApi, startApi } from "../start-api.ts";
import { urlOf } from "../welcome.ts";

/** Requests of an address in a window. */
const POINTS = 200;

let redis: TestRedis;
let apis: readonly RunningApi[];

async function open(): Promise<RunningApi> {
  const loaded = loadConfig({
    LOTTY_DATA_DIR: "memory",
    PORT: "0",
    AUTHENTICATION: "required",
    TRUSTED_PROXIES: "127.0.0.1",
    REDIS_URL: redis.url,
    REDIS_KEY_PREFIX: redis.keyPrefix.slice(0, -1),
    RATE_LIMIT_SHARED: "true",
    RATE_LIMIT_OTHER_PER_ADDRESS: String(POINTS / 10),
  });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  const api = await startApi(loaded.config, new RecordingLogger());
  await api.ready;
  return api;
}

beforeAll(async () => {
  redis = await createTestRedis();
  apis = [await open(), await open()];
}, 120_000);

afterAll(async () => {
  await Promise.all(apis.map((api) => api.close()));
  await redis.clean();
});

async function ask(api: RunningApi, from: string): Promise<number> {
  const response = await fetch(`${urlOf(api.address)}/v1/session`, { headers: { "x-forwarded-for": from } });
  await response.arrayBuffer();
  return response.status;
}

async function logIn(api: RunningApi, from: string): Promise<number> {
  const response = await fetch(`${urlOf(api.address)}/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-forwarded-for": from },
    body: JSON.stringify({ name: "nobody-at-all", password: "not the password" }),
  });
  await response.arrayBuffer();
  return response.status;
}

describe("two processes on one Redis", { timeout: 60_000 }, () => {
  it("share the budget of an address, but for a hundredth that each may hold", async () => {
    const counts = new Map<number, number>();
    for (let request = 0; request < POINTS; request += 1) {
      for (const api of apis) {
        const status = await ask(api, "192.0.2.1");
        counts.set(status, (counts.get(status) ?? 0) + 1);
      }
    }
    const admitted = counts.get(401) ?? 0;
    expect(admitted + (counts.get(429) ?? 0)).toBe(2 * POINTS);
    expect(admitted).toBeLessThanOrEqual(POINTS);
    expect(admitted).toBeGreaterThanOrEqual(POINTS - 2);
    for (const api of apis) expect(await ask(api, "192.0.2.2")).toBe(401);
  });

  it("count wrong passwords together, wherever they come from", async () => {
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 6; attempt += 1) {
      for (const [index, api] of apis.entries()) statuses.push(await logIn(api, `198.51.100.${attempt * 2 + index}`));
    }
    expect(statuses).toEqual([...Array<number>(10).fill(401), 429, 429]);
  });
});
