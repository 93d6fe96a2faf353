import { writeFileSync } from "node:fs";
import type { Reporter } from "vitest/node";
import { countModules } from "../test-runner/count-modules.ts";

/** Variable with the file that the counts go to; nothing is written without it. */
const COUNTS_FILE = "LOTTY_TEST_COUNTS_FILE";

/** Writes how many tests passed and failed to a file as JSON, for the test runner to read. */
export default class CountsReporter implements Reporter {
  onTestRunEnd: NonNullable<Reporter["onTestRunEnd"]> = (modules, unhandledErrors) => {
    const file = process.env[COUNTS_FILE];
    if (file !== undefined) writeFileSync(file, JSON.stringify(countModules(modules, unhandledErrors)));
  };
}
