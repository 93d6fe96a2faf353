import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import { serverUrl } from "./server-url.ts";

/** A corner of a Redis server that belongs to one test file. */
export interface TestRedis {
  readonly url: string;
  /** Begins every key of the test; ends with a colon. */
  readonly keyPrefix: string;
  /** Deletes every key that begins with the prefix. May be called several times, also between tests. */
  clean(): Promise<void>;
}

/** Keys looked at per step of the scan: few steps, none of which holds the server up. */
const SCAN_COUNT = 1_000;

/**
 * Reserves a key prefix on the server at `LOTTY_TEST_REDIS_URL`.
 *
 * @throws Error when the variable is not set or the server does not answer
 */
export async function createTestRedis(): Promise<TestRedis> {
  const url = serverUrl("LOTTY_TEST_REDIS_URL", "Redis");
  const keyPrefix = `lotty-test-${randomUUID()}:`;
  await withConnection(url, (redis) => redis.ping());
  return { url, keyPrefix, clean: () => withConnection(url, (redis) => deletePrefix(redis, keyPrefix)) };
}

async function deletePrefix(redis: Redis, keyPrefix: string): Promise<void> {
  let cursor = "0";
  do {
    const [next, keys] = await redis.scan(cursor, "MATCH", `${keyPrefix}*`, "COUNT", SCAN_COUNT);
    if (keys.length > 0) await redis.unlink(...keys);
    cursor = next;
  } while (cursor !== "0");
}

async function withConnection(url: string, use: (redis: Redis) => Promise<unknown>): Promise<void> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
  // The rejected connect() tells the same; without a listener ioredis prints it as well.
  redis.on("error", () => undefined);
  try {
    await redis.connect();
    await use(redis);
  } finally {
    redis.disconnect();
  }
}
