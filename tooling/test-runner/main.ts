/**
 * Runs every test and closes with `N passed, N failed`. With arguments it runs only the unit and integration tests that they
 * choose (`npm test -- packages/engine`). Whatever goes wrong, the last line says so.
 */
import { provideTestServers } from "../test-servers/provide-test-servers.ts";
import { addUp, closingLine, NOTHING_BUT_A_FAILURE, type Counts } from "./counts.ts";
import { runSuite } from "./suite.ts";
import { allSuites, vitestSuite } from "./suites.ts";

let interrupted = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  // The suite that runs gets the signal too, being in our process group; we stay to count it and to stop the servers.
  process.on(signal, () => {
    interrupted = true;
  });
}

const counts = await runAll(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  return NOTHING_BUT_A_FAILURE;
});
console.log(closingLine(counts));
process.exit(counts.failed === 0 ? 0 : 1);

async function runAll(args: readonly string[]): Promise<Counts> {
  const servers = await provideTestServers();
  try {
    const env = { ...process.env, ...servers.env, ...(process.stdout.isTTY ? {} : { NO_COLOR: "1" }) };
    const results: [string, Counts][] = [];
    for (const suite of args.length > 0 ? [vitestSuite(args)] : allSuites()) {
      if (interrupted) break;
      const started = performance.now();
      const result = await runSuite(suite, env);
      const seconds = ((performance.now() - started) / 1_000).toFixed(1);
      results.push([`${suite.name}: ${closingLine(result)} (${seconds} s)`, result]);
    }
    if (interrupted) results.push(["interrupted", NOTHING_BUT_A_FAILURE]);
    console.log(results.map(([line]) => line).join("\n"));
    return addUp(results.map(([, result]) => result));
  } finally {
    await servers.stop();
  }
}
