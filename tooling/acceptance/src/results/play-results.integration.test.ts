import { createTestDatabase } from "@lotty/testkit/servers/postgres";
import { serverUrl } from "@lotty/testkit/servers/server-url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isSame, playResults } from "./play-results.ts";

describe("results on real servers", () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it("are what the raw input says, though processes are killed meanwhile", { timeout: 600_000 }, async () => {
    // A database of its own on the server: the processes know no prefix.
    const redisUrl = new URL("/9", serverUrl("LOTTY_TEST_REDIS_URL", "Redis")).href;
    const { numbers } = await playResults({ databaseUrl: database.url, redisUrl }, { seed: 1, subjects: 2_000 });
    expect(numbers).toHaveLength(14);
    expect(numbers.filter((number) => !isSame(number))).toStrictEqual([]);
  });
});
