import { loadConfig } from "@lotty/config";
import { DEFAULT_ENVIRONMENT_ID, MICROS_PER_MILLI } from "@lotty/domain";
import { openStorage } from "@lotty/runtime";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestDatabase, type TestDatabase } from "@lotty/testkit/servers/postgres";
import { EventSource } from "eventsource";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningApi, startApi } from "../../start-api.ts";
import { urlOf } from "../../welcome.ts";

const CHANGES = 100;
const logger = new RecordingLogger();

let database: TestDatabase;
let apis: readonly RunningApi[];

function configOf(): Parameters<typeof startApi>[0] {
  const loaded = loadConfig({ DATABASE_URL: database.url, LOTTY_DATA_DIR: "memory", PORT: "0" });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  return loaded.config;
}

beforeAll(async () => {
  database = await createTestDatabase();
  const first = await startApi(configOf(), logger);
  await first.ready;
  const second = await startApi(configOf(), logger);
  await second.ready;
  apis = [first, second];
}, 120_000);

afterAll(async () => {
  await Promise.all(apis.map((api) => api.close()));
  await database.drop();
});

describe("a change that another process makes in Postgres", () => {
  it("reaches the streams of every API within a second, a hundred times out of a hundred", async () => {
    const heard: Map<number, PromiseWithResolvers<number>>[] = [];
    const sources = apis.map(({ address }) => {
      const revisions = new Map<number, PromiseWithResolvers<number>>();
      for (let revision = 1; revision <= CHANGES; revision += 1) revisions.set(revision, Promise.withResolvers());
      heard.push(revisions);
      const source = new EventSource(`${urlOf(address)}/v1/stream`);
      source.addEventListener("configuration_changed", ({ lastEventId }) => {
        revisions.get(Number(lastEventId))?.resolve(performance.now());
      });
      return source;
    });
    await expect.poll(() => sources.every(({ readyState }) => readyState === EventSource.OPEN)).toBe(true);
    const storage = await openStorage(configOf().database, logger);
    const delays: number[] = [];
    for (let revision = 1; revision <= CHANGES; revision += 1) {
      const flag = {
        id: `f0000000-0000-4000-8000-${String(revision).padStart(12, "0")}`,
        key: `flag-${revision}`,
        valueType: "boolean",
        defaultValue: false,
        enabled: true,
        rules: [],
        version: 1,
        updatedAt: Date.now() * MICROS_PER_MILLI,
      } as const;
      const changedAt = performance.now();
      await storage.configuration.apply(DEFAULT_ENVIRONMENT_ID, { putFlags: [flag] }, revision - 1);
      const heardAt = await Promise.all(
        heard.map(async (revisions) => (await revisions.get(revision)?.promise) ?? Number.NaN),
      );
      delays.push(Math.max(...heardAt) - changedAt);
    }
    for (const source of sources) source.close();
    await storage.close();
    delays.sort((a, b) => a - b);
    expect(delays).toHaveLength(CHANGES);
    // The whole way: from before the change is written to the slower of the two clients.
    expect(delays[CHANGES / 2]).toBeLessThan(500);
    expect(delays.at(-1)).toBeLessThan(1_000);
  });
});
