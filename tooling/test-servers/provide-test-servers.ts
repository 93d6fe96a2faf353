import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { TEST_SERVERS, type KeeperReport, type TestServer } from "./keeper-report.ts";

/** Variable that names each server's address. */
const VARIABLES: Readonly<Record<TestServer, string>> = {
  postgres: "LOTTY_TEST_POSTGRES_URL",
  redis: "LOTTY_TEST_REDIS_URL",
};

/** Servers that tests may use for as long as they are not stopped. */
export interface ProvidedServers {
  /** The variables that the servers' users need; those that were set already are not in it. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends what was started and waits for its end. */
  stop(): Promise<void>;
}

/**
 * Provides a Postgres and a Redis. One whose variable is set in `env` is used as it is; the others are started by a
 * process of their own, which ends them when this process ends, however it ends.
 *
 * @throws Error when a server cannot be found or started
 */
export async function provideTestServers(env: NodeJS.ProcessEnv = process.env): Promise<ProvidedServers> {
  const missing = TEST_SERVERS.filter((name) => (env[VARIABLES[name]] ?? "") === "");
  if (missing.length === 0) return { env: {}, stop: () => Promise.resolve() };
  const keeper = spawn(process.execPath, [fileURLToPath(new URL("keep.ts", import.meta.url)), ...missing], {
    stdio: ["pipe", "pipe", "inherit"],
    detached: true,
    env,
  });
  const ended = once(keeper, "exit");
  const [line] = (await Promise.race([
    once(createInterface({ input: keeper.stdout }), "line"),
    ended.then(() => ['{"error":"The process that keeps the test servers ended before they were ready."}']),
  ])) as [string];
  const report = JSON.parse(line) as KeeperReport;
  if ("error" in report) {
    await ended;
    throw new Error(report.error);
  }
  // The keeper must not keep us alive: when we end, its input closes and it ends too.
  keeper.unref();
  const variables = missing.map((name) => [VARIABLES[name], report.urls[name] ?? ""]);
  return {
    env: Object.fromEntries(variables) as Record<string, string>,
    stop: async () => {
      keeper.ref();
      keeper.stdin.end();
      await ended;
    },
  };
}
