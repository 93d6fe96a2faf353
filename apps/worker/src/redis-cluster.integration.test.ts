import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startRedisCluster, type RedisCluster } from "@lotty/test-servers/redis-cluster";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { sampleDecision } from "@lotty/testkit/suites/decision-stream-fixture";
import { openRecording, type Recording } from "./testing/open-recording.ts";
import { startWorker, type Worker } from "./worker.ts";

let cluster: RedisCluster;
let recording: Recording;
let worker: Worker;
beforeAll(async () => {
  cluster = await startRedisCluster();
  const logger = new RecordingLogger();
  recording = await openRecording(
    { REDIS_URL: cluster.urls.join(","), REDIS_CLUSTER: "true", DECISION_STREAM_SHARDS: "6" },
    logger,
  );
  worker = await startWorker(recording.config, logger);
  await worker.working;
});
afterAll(async () => {
  await worker.stop();
  await recording.close();
  await cluster.stop();
});

/** Queues decisions one after the other, and tells which of them the stream has taken. */
async function enqueue(from: number, count: number): Promise<readonly string[]> {
  const taken: string[] = [];
  for (let index = from; index < from + count; index += 1) {
    const decision = sampleDecision(index);
    await recording.redis.queue.enqueue([decision]).then(
      () => taken.push(decision.decisionId),
      () => undefined,
    );
    await sleep(1);
  }
  return taken;
}

async function missingOf(ids: readonly string[]): Promise<readonly string[]> {
  const { rows } = await recording.pg.query<{ id: string }>("SELECT decision_id AS id FROM decisions");
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
    const { rows } = await recording.pg.query("SELECT decision_id FROM decisions GROUP BY 1 HAVING count(*) > 1");
    expect(rows).toStrictEqual([]);
  });

  it("takes a dead letter that is put back, and sets it aside again while the database refuses it", async () => {
    const decision = sampleDecision(5_000);
    // No text of Postgres holds a NUL character.
    await recording.redis.queue.enqueue([{ ...decision, subjectId: "x\u0000y" }]);
    await expect.poll(() => recording.redis.deadLetters.size(), { timeout: 20_000 }).toBe(1);
    const [letter] = await recording.redis.deadLetters.list(10);
    expect(letter?.reason).toContain("decision_rejected");
    expect(await recording.redis.deadLetters.retry(letter?.id ?? "")).toBe("retried");
    await expect
      .poll(async () => (await recording.redis.deadLetters.list(10)).map(({ id }) => id), { timeout: 20_000 })
      .toStrictEqual([expect.not.stringContaining(letter?.id ?? "")]);
    expect(await recording.redis.deadLetters.drop((await recording.redis.deadLetters.list(1))[0]?.id ?? "")).toBe(true);
  });
});
