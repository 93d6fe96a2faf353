import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { runConformance } from "./run-conformance.ts";
import { isStoreName, openScenarioStore, STORE_NAMES } from "./stores/open-scenario-store.ts";

const OWN_VECTORS = fileURLToPath(new URL("../../../packages/engine/vectors", import.meta.url));

const { values } = parseArgs({
  options: {
    vectors: { type: "string", default: OWN_VECTORS },
    store: { type: "string", default: "memory" },
  },
});

if (!isStoreName(values.store)) {
  process.stderr.write(`There is no store ${values.store}. Use one of: ${STORE_NAMES.join(", ")}.\n`);
  process.exit(2);
}

const store = await openScenarioStore(values.store);
try {
  const failed = await runConformance(values.vectors, store, (line) => process.stdout.write(`${line}\n`));
  process.exitCode = failed === 0 ? 0 : 1;
} finally {
  await store.close();
}
