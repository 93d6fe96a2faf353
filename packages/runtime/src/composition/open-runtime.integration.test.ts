import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_ENVIRONMENT_ID, isLottyError } from "@lotty/domain";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestDatabase, type TestDatabase } from "@lotty/testkit/servers/postgres";
import { sampleLink } from "@lotty/testkit/suites/control-plane-store";
import { sampleEnvironment } from "@lotty/testkit/suites/environments";
import { createTestRedis, type TestRedis } from "@lotty/testkit/servers/redis";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { configForTest } from "../testing/config-for-test.ts";
import { changedDefault, FIRST_CHANGE } from "../testing/demo-configuration.ts";
import { TcpProxy } from "../testing/tcp-proxy.ts";
import { openRuntime } from "./open-runtime.ts";
import type { Role, Runtime } from "./runtime.ts";

let database: TestDatabase;
let redis: TestRedis;
const opened: Runtime[] = [];

beforeAll(async () => {
  [database, redis] = await Promise.all([createTestDatabase(), createTestRedis()]);
  const migrating = await open({ role: "api" });
  await migrating.storage.configuration.apply(DEFAULT_ENVIRONMENT_ID, FIRST_CHANGE, 0);
  await closeAll();
}, 30_000);

afterEach(closeAll);

afterAll(async () => {
  await Promise.all([database.drop(), redis.clean()]);
});

async function open(options: { readonly role: Role; readonly env?: Record<string, string> }): Promise<Runtime> {
  const config = configForTest({
    DATABASE_URL: database.url,
    REDIS_URL: redis.url,
    REDIS_KEY_PREFIX: redis.keyPrefix,
    DECISION_STREAM_ALLOW_UNSAFE_REDIS: "true",
    ...options.env,
  });
  const runtime = await openRuntime(config, { role: options.role, logger: new RecordingLogger() });
  opened.push(runtime);
  return runtime;
}

async function closeAll(): Promise<void> {
  await Promise.all(opened.splice(0).map((runtime) => runtime.close()));
}

function norwegian(id: string) {
  return { subject: { id, attributes: { country: "NO" } } };
}

function foreigner(id: string) {
  return { subject: { id, attributes: { country: "SE" } } };
}

async function eventually(condition: () => Promise<boolean> | boolean, withinMillis: number): Promise<number> {
  const startedAt = performance.now();
  while (!(await condition())) {
    if (performance.now() - startedAt > withinMillis) throw new Error(`not within ${withinMillis} ms`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return performance.now() - startedAt;
}

describe("a runtime on Postgres and Redis", () => {
  it("commits assignments, queues other decisions, and a worker's runtime finds them in the stream", async () => {
    const api = await open({ role: "api", env: { DECISION_WRITE_MODE: "async" } });
    const assigned = await api.decider.decideForFlag("checkout", norwegian("async-1"));
    const other = await api.decider.decideForFlag("checkout", foreigner("async-2"));
    expect(assigned).toMatchObject({ reason: "experiment_assigned", durability: "committed" });
    expect(other).toMatchObject({ reason: "targeting_mismatch", durability: "queued" });

    const worker = await open({ role: "worker" });
    const entries = await worker.redis?.stream("worker-1").read(10, 1_000);
    expect(entries).toMatchObject([{ item: { decisionId: other.decisionId } }]);
    expect((await worker.health.report()).status).toBe("ready");
  });

  it("shares what it keeps with other processes", async () => {
    const [one, other] = await Promise.all([open({ role: "api" }), open({ role: "api" })]);
    const first = await one.decider.decideForFlag("checkout", norwegian("shared-1"));
    const second = await other.decider.decideForFlag("checkout", norwegian("shared-1"));
    expect([first.source, second.source]).toEqual(["computed", "cache"]);
    expect(second.variantId).toBe(first.variantId);
  });

  it("decides by another process's change of the configuration in less than a second", async () => {
    // A poll that never comes within the test: what arrives has come by notice.
    const env = { CONFIGURATION_POLL_SECONDS: "3600" };
    const [changing, deciding] = await Promise.all([open({ role: "cli" }), open({ role: "api", env })]);
    const { configuration } = changing.storage;
    const delays: number[] = [];
    for (let change = 1; change <= 20; change += 1) {
      const value = `change-${change}`;
      const before = await configuration.load(DEFAULT_ENVIRONMENT_ID);
      await configuration.apply(DEFAULT_ENVIRONMENT_ID, changedDefault(before, value), before.revision);
      const answer = async () => (await deciding.decider.decideForFlag("checkout", foreigner("change-1"))).value;
      delays.push(await eventually(async () => (await answer()) === value, 5_000));
    }
    delays.sort((left, right) => left - right);
    process.stdout.write(
      `change to decision over 20 changes: median ${delays[10]?.toFixed(1)} ms, worst ${delays.at(-1)?.toFixed(1)} ms\n`,
    );
    expect(delays.at(-1)).toBeLessThan(1_000);
  });
});

describe("another environment", () => {
  const { id: environmentId, ...staging } = sampleEnvironment({ key: "staging" });

  it("is known to other processes within a second, and so is every change in it", async () => {
    const env = { CONFIGURATION_POLL_SECONDS: "3600" };
    const [changing, deciding] = await Promise.all([open({ role: "cli" }), open({ role: "api", env })]);
    const { configuration, control } = changing.storage;
    await control.environments.addEnvironment({ id: environmentId, ...staging }, sampleLink("environment.create"));
    const known = await eventually(() => deciding.snapshots.idOf("staging") === environmentId, 5_000);
    const delays: number[] = [];
    for (let change = 1; change <= 20; change += 1) {
      const value = `staging-${change}`;
      const before = await configuration.load(environmentId);
      await configuration.apply(environmentId, changedDefault(before, value), before.revision);
      const answer = async () =>
        (await deciding.decider.decideForFlag("checkout", { ...foreigner("staged"), environmentId })).value;
      delays.push(await eventually(async () => (await answer()) === value, 5_000));
    }
    const there = await deciding.decider.decideForFlag("checkout", { ...foreigner("staged"), environmentId });
    const here = await deciding.decider.decideForFlag("checkout", foreigner("staged"));
    expect(here.value).not.toBe(there.value);
    delays.sort((left, right) => left - right);
    process.stdout.write(
      `new environment known after ${known.toFixed(1)} ms; change in it to decision over 20 changes: ` +
        `median ${delays[10]?.toFixed(1)} ms, worst ${delays.at(-1)?.toFixed(1)} ms\n`,
    );
    expect(Math.max(known, ...delays)).toBeLessThan(1_000);
  });
});

describe("without Redis", () => {
  it("opens and decides while Redis is away, and uses it once it comes", async () => {
    const proxy = await TcpProxy.to(redis.url);
    const api = await open({ role: "api", env: { REDIS_URL: proxy.url } });
    const answer = await api.decider.decideForFlag("checkout", norwegian("away-1"));
    expect(answer).toMatchObject({ reason: "experiment_assigned", durability: "committed" });
    const report = await api.health.report();
    expect(report).toMatchObject({
      ready: true,
      checks: { redis: { status: "failing", problem: "cache_unavailable" } },
    });

    await proxy.mend();
    await api.decider.decideForFlag("checkout", norwegian("away-2"));
    await eventually(
      async () => (await api.decider.decideForFlag("checkout", norwegian("away-2"))).source === "cache",
      10_000,
    );
    await closeAll();
    await proxy.cut();
  });

  it("goes on deciding when Redis is lost, also in async mode, and queues again after it is back", async () => {
    const proxy = await TcpProxy.to(redis.url);
    await proxy.mend();
    const api = await open({ role: "api", env: { REDIS_URL: proxy.url, DECISION_WRITE_MODE: "async" } });
    const durability = async (id: string) => (await api.decider.decideForFlag("checkout", foreigner(id))).durability;
    expect(await durability("lost-1")).toBe("queued");
    await proxy.cut();
    expect(await durability("lost-2")).toBe("committed");
    await proxy.mend();
    await eventually(async () => (await durability("lost-3")) === "queued", 10_000);
    await closeAll();
    await proxy.cut();
  });

  it("pays for a Redis that hangs with one timeout at most, not with one for every command", async () => {
    const proxy = await TcpProxy.to(redis.url);
    await proxy.mend();
    const env = { REDIS_URL: proxy.url, REDIS_COMMAND_TIMEOUT_MS: "1000" };
    const api = await open({ role: "api", env });
    await api.decider.decideForFlag("checkout", norwegian("hang-1"));
    proxy.freeze();
    const startedAt = performance.now();
    const answer = await api.decider.decideForFlag("checkout", norwegian("hang-2"));
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect(answer).toMatchObject({ reason: "experiment_assigned", durability: "committed" });
    const resting = performance.now();
    await api.decider.decideForFlag("checkout", norwegian("hang-3"));
    expect(performance.now() - resting).toBeLessThan(900);
    await closeAll();
    await proxy.cut();
  });

  it("starts in async mode and commits what it cannot queue yet", async () => {
    const proxy = await TcpProxy.to(redis.url);
    const env = { REDIS_URL: proxy.url, DECISION_WRITE_MODE: "async", DECISION_STREAM_ALLOW_UNSAFE_REDIS: "false" };
    const api = await open({ role: "api", env });
    expect(await api.decider.decideForFlag("checkout", foreigner("unasked-1"))).toMatchObject({
      durability: "committed",
    });
    expect((await api.health.report()).ready).toBe(true);
  });
});

describe("without Postgres", () => {
  it("opens unready while it is away, and becomes ready by itself once it comes", async () => {
    const proxy = await TcpProxy.to(database.url);
    const api = await open({ role: "api", env: { DATABASE_URL: proxy.url } });
    expect((await api.health.report()).status).toBe("starting");
    await expect(api.decider.decideForFlag("checkout", norwegian("cold-1"))).rejects.toMatchObject({
      code: "not_ready",
    });
    await proxy.mend();
    await api.ready;
    expect((await api.health.report()).ready).toBe(true);
    expect(await api.decider.decideForFlag("checkout", norwegian("cold-1"))).toMatchObject({ durability: "committed" });
    await closeAll();
    await proxy.cut();
  });

  it("closes while it still waits for Postgres", async () => {
    const proxy = await TcpProxy.to(database.url);
    const api = await open({ role: "api", env: { DATABASE_URL: proxy.url } });
    await api.close();
    await expect(api.ready).rejects.toMatchObject({ name: "AbortError" });
  });

  it("stays ready with the last good configuration when Postgres is lost, and refuses what it cannot record", async () => {
    const proxy = await TcpProxy.to(database.url);
    await proxy.mend();
    const api = await open({ role: "api", env: { DATABASE_URL: proxy.url } });
    await proxy.cut();
    expect(await api.decider.decideForFlag("checkout", { ...foreigner("lost-4"), peek: true })).toMatchObject({
      reason: "targeting_mismatch",
    });
    await expect(api.decider.decideForFlag("checkout", foreigner("lost-4"))).rejects.toMatchObject({
      code: "decision_store_unavailable",
    });
    expect(await api.health.report()).toMatchObject({
      ready: true,
      checks: { database: { status: "failing", problem: "database_unavailable" } },
    });
    await closeAll();
  });

  it("fails a command at once", async () => {
    const proxy = await TcpProxy.to(database.url);
    await expect(open({ role: "cli", env: { DATABASE_URL: proxy.url } })).rejects.toMatchObject({
      code: "database_unavailable",
    });
  });
});

describe("the last good configuration on disk", () => {
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "lotty-last-good-"));
  });

  afterAll(() => rm(directory, { recursive: true }));

  it("is what a restarted API decides by while Postgres is away, until Postgres is back with a newer one", async () => {
    const proxy = await TcpProxy.to(database.url);
    await proxy.mend();
    const env = { DATABASE_URL: proxy.url, LOTTY_DATA_DIR: directory, CONFIGURATION_POLL_SECONDS: "1" };
    const before = await open({ role: "api", env });
    const { value } = await before.decider.decideForFlag("checkout", { ...foreigner("kept-1"), peek: true });
    const { revision } = before.snapshots.production;
    await proxy.cut();
    await closeAll();

    const after = await open({ role: "api", env });
    const report = await after.health.report();
    expect(report).toMatchObject({
      ready: true,
      status: "ready",
      checks: { configuration: { status: "degraded", source: "disk", revision } },
    });
    expect(await after.metrics.registry.metrics()).toContain(
      'lotty_configuration_source{environment="production",source="disk"} 1\n',
    );
    const peek = await after.decider.decideForFlag("checkout", { ...foreigner("kept-1"), peek: true });
    expect(peek).toMatchObject({ reason: "targeting_mismatch", value, durability: "none" });
    const recorded = await after.decider
      .decideForFlag("checkout", foreigner("kept-2"))
      .then(({ durability }) => durability)
      .catch((error: unknown) => (isLottyError(error) ? error.code : error));
    expect(["spooled", "decision_store_unavailable"]).toContain(recorded);

    const { configuration } = (await open({ role: "cli" })).storage;
    const stored = await configuration.load(DEFAULT_ENVIRONMENT_ID);
    await configuration.apply(DEFAULT_ENVIRONMENT_ID, changedDefault(stored, "made-meanwhile"), stored.revision);
    await proxy.mend();
    await after.ready;
    const mended = await after.decider.decideForFlag("checkout", { ...foreigner("kept-1"), peek: true });
    expect(mended.value).toBe("made-meanwhile");
    expect(after.snapshots.production.origin).toBe("store");

    const followed = await configuration.load(DEFAULT_ENVIRONMENT_ID);
    await configuration.apply(DEFAULT_ENVIRONMENT_ID, changedDefault(followed, "made-after"), followed.revision);
    const valueNow = async () =>
      (await after.decider.decideForFlag("checkout", { ...foreigner("kept-1"), peek: true })).value;
    await eventually(async () => (await valueNow()) === "made-after", 5_000);
    await closeAll();
    await proxy.cut();
  });

  it("is not used for another database, and nothing is kept by a worker or a command", async () => {
    const proxy = await TcpProxy.to(database.url);
    const env = { DATABASE_URL: proxy.url, LOTTY_DATA_DIR: directory };
    const foreign = await open({ role: "api", env });
    expect((await foreign.health.report()).status).toBe("starting");
    const kept = (await readdir(directory)).filter((name) => name.startsWith("configuration-")).length;
    await Promise.all([
      open({ role: "worker", env: { LOTTY_DATA_DIR: directory } }),
      open({ role: "cli", env: { LOTTY_DATA_DIR: directory } }),
    ]);
    await closeAll();
    expect((await readdir(directory)).filter((name) => name.startsWith("configuration-"))).toHaveLength(kept);
  });
});

describe("an empty Postgres", () => {
  it("is refused by a command, which says what to do, and migrated by rival processes without a clash", async () => {
    const empty = await createTestDatabase();
    const env = { DATABASE_URL: empty.url };
    await expect(open({ role: "cli", env })).rejects.toMatchObject({
      code: "schema_mismatch",
      message: expect.stringContaining('run "lotty migrate" first') as string,
    });
    const rivals = await Promise.all([
      open({ role: "api", env }),
      open({ role: "api", env }),
      open({ role: "worker", env }),
    ]);
    for (const rival of rivals) expect((await rival.health.report()).ready).toBe(true);
    expect(await rivals[0].storage.partitions.list()).toHaveLength(8);
    await closeAll();
    await empty.drop();
  });
});
