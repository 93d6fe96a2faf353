/** Compiles a snapshot and prints what it cost: `node --expose-gc snapshot-process.ts FLAGS EXPERIMENTS`. */
import { FULL_ALLOCATION } from "@lotty/domain";
import { parseRule } from "@lotty/dsl";
import { compileSnapshot } from "@lotty/engine";
import { flagsOf } from "../engine/workload.ts";
import type { SnapshotCost } from "./measure-snapshot-memory.ts";

const [flags = 0, experiments = 0] = process.argv.slice(2).map(Number);

function memory(): NodeJS.MemoryUsage {
  globalThis.gc?.();
  return process.memoryUsage();
}

const before = memory();
const configuration = flagsOf(flags, FULL_ALLOCATION, experiments);
const started = performance.now();
const snapshot = compileSnapshot(configuration, { parseRule });
const compiled = performance.now();
const next = compileSnapshot({ ...configuration, revision: 2 }, { parseRule, previous: snapshot });
const compiledAgain = performance.now();
const after = memory();
// Both are asked, so that neither may be collected before memory is looked at: a process holds two while it changes over.
if (snapshot.flags.size !== flags || next.flags.size !== flags) throw new Error("Flags are missing.");
const cost: SnapshotCost = {
  compileMillis: compiled - started,
  again: compiledAgain - compiled,
  heapBytes: after.heapUsed - before.heapUsed,
  rssBytes: after.rss - before.rss,
};
process.stdout.write(JSON.stringify(cost));
