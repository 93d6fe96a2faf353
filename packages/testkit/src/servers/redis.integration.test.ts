import { Redis } from "ioredis";
import { afterAll, expect, test } from "vitest";
import { createTestRedis } from "./redis.ts";

const mine = await createTestRedis();
const other = await createTestRedis();
const redis = new Redis(mine.url);

afterAll(async () => {
  await other.clean();
  redis.disconnect();
});

test("cleaning deletes every key below the prefix and no other", async () => {
  const keys = Array.from({ length: 2_500 }, (_, index) => `${mine.keyPrefix}${String(index)}`);
  await redis.mset(...keys.flatMap((key) => [key, "x"]));
  await redis.set(`${other.keyPrefix}stays`, "x");
  await mine.clean();
  expect(await redis.exists(...keys)).toBe(0);
  expect(await redis.exists(`${other.keyPrefix}stays`)).toBe(1);
});

test("the server never evicts", async () => {
  expect(await redis.config("GET", "maxmemory-policy")).toEqual(["maxmemory-policy", "noeviction"]);
});
