import { FULL_ALLOCATION } from "@lotty/domain";
import { parseRule } from "@lotty/dsl";
import { compileSnapshot, decide, type Snapshot } from "@lotty/engine";
import { atMost, type BenchRun } from "../bench.ts";
import { cpuNanos } from "../cpu-time.ts";
import { flagsOf, subjects } from "../engine/workload.ts";
import { medianOf, measureInRounds, spreadOf, type Contender } from "../rounds.ts";
import { growHistories } from "./grow-histories.ts";
import { measureSnapshotMemory } from "./measure-snapshot-memory.ts";

const FLAG_COUNTS = [10, 100, 1_000, 10_000] as const;
const MB = 1024 ** 2;

/** How cost grows with flags and with assignments. */
export async function benchGrowth(run: BenchRun): Promise<void> {
  await growFlags(run);
  await reportSnapshot(run);
  await growHistories(run);
}

async function growFlags(run: BenchRun): Promise<void> {
  const snapshots = FLAG_COUNTS.map((count) => ({
    count,
    snapshot: compileSnapshot(flagsOf(count, FULL_ALLOCATION), { parseRule }),
  }));
  const fixed = snapshots.map(({ count, snapshot }) => contender(`${count}`, snapshot, () => "flag-7"));
  const rotating = snapshots.map(({ count, snapshot }) => {
    const keys = Array.from({ length: count }, (_, index) => `flag-${index}`);
    let next = 0;
    return contender(`${count}`, snapshot, () => {
      // A stride that visits every flag before it comes back to one, and never the next in memory.
      next = (next + STRIDE) % count;
      return keys[next] ?? "";
    });
  });
  const rounds = run.quick ? 3 : 15;
  for (const each of [...fixed, ...rotating]) await each.run();
  const asked = await measureInRounds(fixed, rounds);
  const turned = await measureInRounds(rotating, rounds);
  run.print("### Decision time by number of flags, each with an experiment");
  run.table(
    ["flags", "one of them asked, ns", "spread", "all in turn, ns", "spread"],
    asked.map((each, index) => {
      const other = turned[index] ?? each;
      return [each.name, each.median.toFixed(0), spreadOf(each), other.median.toFixed(0), spreadOf(other)];
    }),
  );
  run.print(
    "The engine finds a flag by one look-up in a hash table, whatever their number: the first column. In the second, each " +
      "decision is about another flag, as no caller asks: with 10,000 of them, what a decision reads (its flag, experiment, rule and " +
      "variants) has left the processor's caches by the time it is asked again, and the difference is what memory takes.",
  );
  const growth = medianOf(asked, "10000") / medianOf(asked, "10");
  run.judge(atMost(growth, { what: "decision time with 10,000 flags", bound: 1.1, unit: "x with 10" }));
}

/** Has no divisor in common with the numbers of flags. */
const STRIDE = 7_919;

function contender(name: string, snapshot: Snapshot, nextKey: () => string): Contender {
  const contexts = subjects.map((subject) => ({ subject, history: [], now: 0 }));
  return {
    name,
    run: () => {
      let assigned = 0;
      const start = cpuNanos();
      for (const context of contexts) if (decide(snapshot, nextKey(), context).value !== "off") assigned += 1;
      const nanos = (cpuNanos() - start) / contexts.length;
      if (assigned === 0) throw new Error("Nobody was assigned.");
      return nanos;
    },
  };
}

async function reportSnapshot(run: BenchRun): Promise<void> {
  const { again, compileMillis, heapBytes, rssBytes } = await measureSnapshotMemory(10_000, 3_000);
  run.print("### A snapshot of 10,000 flags and 3,000 experiments, compiled in a process of its own");
  run.table(
    ["", "measured"],
    [
      ["compiling it", `${compileMillis.toFixed(0)} ms`],
      ["compiling the next one, of which nothing has changed", `${again.toFixed(0)} ms`],
      ["heap above the empty process", `${(heapBytes / MB).toFixed(0)} MB`],
      ["resident memory above the empty process", `${(rssBytes / MB).toFixed(0)} MB`],
    ],
  );
  run.judge(
    atMost(rssBytes / MB, {
      what: "memory of 10,000 flags, 3,000 experiments",
      bound: 200,
      unit: "MB above an empty process",
    }),
  );
}
