import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Counts } from "./counts.ts";
import type { Suite } from "./suite.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** The stores that the conformance vectors are run against. */
const STORES = ["memory", "pglite", "postgres"];

/** Everything that `npm test` runs, in its order. */
export function allSuites(): readonly Suite[] {
  return [vitestSuite([]), ...conformanceSuites()];
}

/** The unit and integration tests, all or those that Vitest arguments choose. */
export function vitestSuite(args: readonly string[]): Suite {
  const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
  const folder = mkdtempSync(join(tmpdir(), "lotty-test-counts-"));
  const file = join(folder, "counts.json");
  return {
    name: "tests",
    command: process.execPath,
    args: [
      vitest,
      "run",
      `--config=${join(repository, "tooling/vitest/vitest.config.ts")}`,
      "--reporter=default",
      `--reporter=${join(repository, "tooling/vitest/counts-reporter.ts")}`,
      ...args,
    ],
    env: { LOTTY_TEST_COUNTS_FILE: file },
    readCounts: () => {
      const counts = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Counts) : undefined;
      rmSync(folder, { recursive: true, force: true });
      return counts;
    },
  };
}

function conformanceSuites(): readonly Suite[] {
  const main = join(repository, "tooling/conformance/src/main.ts");
  return STORES.map((store) => ({
    name: `conformance (${store})`,
    command: process.execPath,
    args: ["--conditions=@lotty/source", main, "--store", store],
  }));
}
