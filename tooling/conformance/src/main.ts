import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { runConformance } from "./run-conformance.ts";
import { runStatistics } from "./statistics/run-statistics.ts";
import { isStoreName, openScenarioStore, STORE_NAMES } from "./stores/open-scenario-store.ts";

const DECISION_VECTORS = fileURLToPath(new URL("../../../packages/engine/vectors", import.meta.url));
const STATISTICS_VECTORS = fileURLToPath(new URL("../../../packages/stats/vectors", import.meta.url));

const { values } = parseArgs({
  options: {
    stats: { type: "boolean", default: false },
    vectors: { type: "string" },
    store: { type: "string", default: "memory" },
  },
});

const failed = values.stats
  ? runStatistics(values.vectors ?? STATISTICS_VECTORS, printLine)
  : await runDecisions(values.vectors ?? DECISION_VECTORS, values.store);
process.exitCode = failed === 0 ? 0 : 1;

async function runDecisions(folder: string, storeName: string): Promise<number> {
  if (!isStoreName(storeName)) {
    process.stderr.write(`There is no store ${storeName}. Use one of: ${STORE_NAMES.join(", ")}.\n`);
    process.exit(2);
  }
  const store = await openScenarioStore(storeName);
  try {
    return await runConformance(folder, store, printLine);
  } finally {
    await store.close();
  }
}

function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}
