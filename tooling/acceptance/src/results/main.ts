import { parseArgs } from "node:util";
import { createTestDatabase } from "@lotty/testkit/servers/postgres";
import { serverUrl } from "@lotty/testkit/servers/server-url";
import { isSame, playResults } from "./play-results.ts";

const { values } = parseArgs({
  options: { subjects: { type: "string", default: "200000" }, seed: { type: "string", default: "1" } },
});

const database = await createTestDatabase();
try {
  const redisUrl = new URL("/9", serverUrl("LOTTY_TEST_REDIS_URL", "Redis")).href;
  const stores = { databaseUrl: database.url, redisUrl };
  const played = await playResults(stores, { seed: Number(values.seed), subjects: Number(values.subjects) });
  for (const number of played.numbers) {
    const { expected, got, what } = number;
    console.log(`${isSame(number) ? "ok  " : "FAIL"} ${what}: ${String(got)}, from the raw input ${String(expected)}`);
  }
  console.log(`${String(played.sentEvents)} events sent, verdict ${played.verdict}, ${played.seconds.toFixed(0)} s`);
  process.exitCode = played.numbers.length > 0 && played.numbers.every(isSame) ? 0 : 1;
} finally {
  await database.drop();
}
