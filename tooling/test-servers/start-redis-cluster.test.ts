import { Cluster, Redis } from "ioredis";
import { afterEach, expect, test } from "vitest";
import { startRedisCluster, type RedisCluster } from "./start-redis-cluster.ts";

let cluster: RedisCluster | undefined;
afterEach(async () => {
  await cluster?.stop();
  cluster = undefined;
});

async function ask(url: string, ...command: readonly [string, ...string[]]): Promise<string> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const [name, ...values] = command;
    return String(await client.call(name, ...values));
  } finally {
    client.disconnect();
  }
}

test("spreads the slots over three masters, and ends them with their files", async () => {
  cluster = await startRedisCluster();
  const { urls } = cluster;
  expect(urls).toHaveLength(3);
  const client = new Cluster([...urls]);
  await Promise.all(Array.from({ length: 50 }, (_, index) => client.set(`key-${String(index)}`, "value")));
  client.disconnect();
  const sizes = await Promise.all(urls.map(async (url) => Number(await ask(url, "DBSIZE"))));
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(50);
  expect(Math.min(...sizes)).toBeGreaterThan(0);

  await cluster.stop();
  for (const url of urls) await expect(ask(url, "PING")).rejects.toThrow(/closed|ECONNREFUSED/);
});

test("a node that was killed comes back with what it had", async () => {
  cluster = await startRedisCluster();
  const [, url = ""] = cluster.urls;
  const owner = new Cluster([...cluster.urls]);
  const key = await keyOf(cluster, 1);
  await owner.set(key, "kept");
  owner.disconnect();
  await cluster.killNode(1);
  await expect(ask(url, "PING")).rejects.toThrow(/closed|ECONNREFUSED/);
  await cluster.restartNode(1);
  expect(await ask(url, "GET", key)).toBe("kept");
});

test("a replica takes over from a master that was killed", async () => {
  cluster = await startRedisCluster({ replicasPerMaster: 1 });
  expect(cluster.urls).toHaveLength(6);
  const replica = cluster.urls[3] ?? "";
  expect(await ask(replica, "ROLE")).toContain("slave");
  await cluster.killNode(0);
  await expect.poll(() => ask(replica, "ROLE"), { timeout: 20_000 }).toContain("master");
});

async function keyOf({ urls }: RedisCluster, index: number): Promise<string> {
  const url = urls[index] ?? "";
  for (let count = 0; ; count += 1) {
    const key = `key-${String(count)}`;
    const reply = await ask(url, "GET", key).catch(() => "MOVED");
    if (reply !== "MOVED") return key;
  }
}
