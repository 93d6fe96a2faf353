import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadConfig, type Config } from "@lotty/config";
import { openRuntime, type Runtime } from "@lotty/runtime";
import { startRedisCluster, type RedisCluster } from "@lotty/test-servers/redis-cluster";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestDatabase, type TestDatabase } from "@lotty/testkit/servers/postgres";
import { sampleDecision } from "@lotty/testkit/suites/decision-stream-fixture";
import { startWorker, type Worker } from "./worker.ts";

let database: TestDatabase;
let cluster: RedisCluster;
let pg: Client;
let runtime: Runtime;
let worker: Worker;
beforeAll(async () => {
  [database, cluster] = await Promise.all([createTestDatabase(), startRedisCluster()]);
  const config = configOf({
    DATABASE_URL: database.url,
    LOTTY_DATA_DIR: "memory",
    REDIS_URL: cluster.urls.join(","),
    REDIS_CLUSTER: "true",
    DECISION_STREAM_SHARDS: "6",
    WORKER_PORT: "0",
  });
  const logger = new RecordingLogger();
  runtime = await openRuntime(config, { role: "worker", logger });
  await runtime.ready;
  worker = await startWorker(config, logger);
  await worker.working;
  pg = new Client({ connectionString: database.url });
  await pg.connect();
});
afterAll(async () => {
  await worker.stop();
  await runtime.close();
  await pg.end();
  await cluster.stop();
  await database.drop();
});

function configOf(env: Record<string, string>): Config {
  const loaded = loadConfig(env);
  if (!loaded.ok) throw new Error(loaded.faults.map(({ setting, message }) => `${setting} ${message}`).join("\n"));
  return loaded.config;
}

function connections(): NonNullable<Runtime["redis"]> {
  if (runtime.redis === null) throw new Error("The test sets REDIS_URL.");
  return runtime.redis;
}

/** Queues decisions one after the other, and tells which of them the stream has taken. */
async function enqueue(from: number, count: number): Promise<readonly string[]> {
  const taken: string[] = [];
  for (let index = from; index < from + count; index += 1) {
    const decision = sampleDecision(index);
    await connections()
      .queue.enqueue([decision])
      .then(
        () => taken.push(decision.decisionId),
        () => undefined,
      );
    await sleep(1);
  }
  return taken;
}

async function missingOf(ids: readonly string[]): Promise<readonly string[]> {
  const { rows } = await pg.query<{ id: string }>("SELECT decision_id AS id FROM decisions");
  const there = new Set(rows.map(({ id }) => id));
  return ids.filter((id) => !there.has(id));
}

describe("a worker on Redis Cluster", () => {
  it("goes on while a node is away, and records everything once when it is back", async () => {
    const taken = [...(await enqueue(0, 300))];
    const killed = cluster.killNode(1);
    const meanwhile = await enqueue(300, 600);
    await killed;
    expect(meanwhile.length).toBeGreaterThan(590);
    taken.push(...meanwhile);
    // Half of what was queued after the loss is recorded at least, whatever the lost node still holds.
    await expect.poll(async () => (await missingOf(meanwhile)).length, { timeout: 10_000 }).toBeLessThan(300);

    await cluster.restartNode(1);
    taken.push(...(await enqueue(900, 100)));
    // What the worker had in hand of the lost node is reclaimed after half a minute.
    await expect.poll(() => missingOf(taken), { timeout: 50_000, interval: 500 }).toStrictEqual([]);
    const { rows } = await pg.query("SELECT decision_id FROM decisions GROUP BY 1 HAVING count(*) > 1");
    expect(rows).toStrictEqual([]);
  });

  it("takes a dead letter that is put back, and sets it aside again while the database refuses it", async () => {
    const decision = sampleDecision(5_000);
    // No text of Postgres holds a NUL character.
    await connections().queue.enqueue([{ ...decision, subjectId: "x\u0000y" }]);
    await expect.poll(() => connections().deadLetters.size(), { timeout: 20_000 }).toBe(1);
    const [letter] = await connections().deadLetters.list(10);
    expect(letter?.reason).toContain("decision_rejected");
    expect(await connections().deadLetters.retry(letter?.id ?? "")).toBe("retried");
    await expect
      .poll(async () => (await connections().deadLetters.list(10)).map(({ id }) => id), { timeout: 20_000 })
      .toStrictEqual([expect.not.stringContaining(letter?.id ?? "")]);
    expect(await connections().deadLetters.drop((await connections().deadLetters.list(1))[0]?.id ?? "")).toBe(true);
  });
});
