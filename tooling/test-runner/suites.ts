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
  return [vitestSuite([]), ...conformanceSuites(), faultsSuite(), modelSuite()];
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
  const suite = (name: string, ...args: readonly string[]): Suite => ({
    name: `conformance (${name})`,
    command: process.execPath,
    args: ["--conditions=@lotty/source", main, ...args],
  });
  return [suite("statistics", "--stats"), ...STORES.map((store) => suite(store, "--store", store))];
}

/**
 * The quick ones of the faults: real processes are killed and restarted, and what they acknowledged is counted. As built, which
 * starts faster than the sources; `npm test` builds first.
 */
function faultsSuite(): Suite {
  const main = join(repository, "tooling/faults/src/main.ts");
  return {
    name: "faults",
    command: process.execPath,
    args: ["--conditions=@lotty/source", main, "--quick", "--built"],
  };
}

/**
 * A minute of random requests, changes and faults, checked against a model. Always the same seed, so that a change is told by
 * what it changes, and more time for changes to be seen than is promised: other suites may have the machine busy.
 */
function modelSuite(): Suite {
  const main = join(repository, "tooling/model/src/main.ts");
  return {
    name: "model",
    command: process.execPath,
    args: ["--conditions=@lotty/source", main, "--seconds", "60", "--seed", "7", "--visible", "5000", "--built"],
  };
}
