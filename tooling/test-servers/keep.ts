/**
 * Keeps the test servers while somebody needs them. Started by `provideTestServers` with the servers' names as
 * arguments; prints one line of JSON (`{urls}` or `{error}`) and ends the servers when its standard input closes, which
 * also happens when whoever started it is killed.
 */
import { isTestServer, type KeeperReport, type TestServer } from "./keeper-report.ts";
import type { RunningServer } from "./server-process.ts";
import { startPostgres } from "./start-postgres.ts";
import { startRedis } from "./start-redis.ts";

const starters: Readonly<Record<TestServer, () => Promise<RunningServer>>> = {
  postgres: startPostgres,
  redis: startRedis,
};

function report(message: KeeperReport): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

const names = process.argv.slice(2).filter(isTestServer);
const needless = new Promise<void>((resolve) => {
  process.stdin.once("close", resolve).resume();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, resolve);
});

const started = await Promise.allSettled(names.map((name) => starters[name]()));
const failures = started.filter((result) => result.status === "rejected");
if (failures.length > 0) {
  report({
    error: failures.map(({ reason }) => (reason instanceof Error ? reason.message : String(reason))).join("\n"),
  });
} else {
  const urls = started.map((result, index) => [names[index], result.status === "fulfilled" ? result.value.url : ""]);
  report({ urls: Object.fromEntries(urls) as Partial<Record<TestServer, string>> });
  await needless;
}
await Promise.all(started.filter((result) => result.status === "fulfilled").map((result) => result.value.stop()));
process.exit(failures.length > 0 ? 1 : 0);
