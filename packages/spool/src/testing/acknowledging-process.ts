import { writeSync } from "node:fs";
import { argv } from "node:process";
import type { DecisionRecord } from "@lotty/domain";
import { openDecisionSpool } from "../decision-spool.ts";

/**
 * A process that appends decisions without an end and writes the id of each to standard output once it is acknowledged; with
 * `drain`, it drains them as well, into standard output. To be killed by a test.
 */
const [, , directory = "", mode = ""] = argv;
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const spool = openDecisionSpool({ directory, maxRows: 1_000_000, maxBytes: 1e9, logger: silent });
let count = 0;

async function append(): Promise<void> {
  for (;;) {
    const decision = nextDecision();
    await spool.append([decision]);
    writeSync(1, `acknowledged ${decision.decisionId}\n`);
  }
}

function nextDecision(): DecisionRecord {
  count += 1;
  return {
    decisionId: `00000000-0000-7000-8000-${String(count).padStart(12, "0")}`,
    environmentId: "00000000-0000-7000-8000-000000000000",
    flagKey: "flag",
    subjectId: `subject-${count % 50}`,
    experimentId: "00000000-0000-7000-8000-00000000000e",
    variantId: "00000000-0000-7000-8000-00000000000a",
    value: "on",
    reason: "experiment_assigned",
    ruleId: null,
    flagVersion: 1,
    experimentVersion: 1,
    attributesDigest: null,
    hashVersion: 1,
    decidedAt: count,
  };
}

async function drain(): Promise<void> {
  for (;;) {
    await spool.drain((batch) => {
      writeSync(1, batch.map(({ decisionId }) => `stored ${decisionId}\n`).join(""));
      return Promise.resolve([]);
    });
    await new Promise((resolve) => setImmediate(resolve));
  }
}

if (mode === "drain") void drain();
await Promise.all(Array.from({ length: 20 }, append));
