import { createDecider, type Decider } from "@lotty/decisions";
import { FULL_ALLOCATION, type DecisionMetrics } from "@lotty/domain";
import { parseRule } from "@lotty/dsl";
import { compileSnapshot } from "@lotty/engine";
import { Uuid7Source } from "@lotty/runtime";
import { cpuNanos } from "../cpu-time.ts";
import { measureInRounds, type Contender, type Measured } from "../rounds.ts";
import { SILENT } from "../silent-logger.ts";
import { flagsOf, subjects } from "./workload.ts";

/** What came out for calls of one flag and of many. */
export interface BatchResult {
  readonly flags: number;
  /** In nanoseconds of a call. */
  readonly one: Measured;
  readonly many: Measured;
  /** Accesses to the history in one call for all flags. */
  readonly reads: number;
  readonly writes: number;
}

const FLAGS = 20;
const CALLS = 5_000;

/** Nobody is excluded by the rule, so that every call takes the whole way: history, assignment, record. */
const EVERYBODY = subjects.filter(({ attributes: { country, plan, version } }) => {
  return country !== "GB" && plan === "pro" && Number(version) >= 200;
});

/** Measures calls of the decider for subjects without a history, on ports that cost nothing and count. */
export async function measureBatches(rounds: number): Promise<BatchResult> {
  const counts = { reads: 0, writes: 0 };
  const decider = deciderOn(counts);
  const keys = Array.from({ length: FLAGS }, (_, index) => `flag-${index}`);
  await decider.decideForFlags(keys, { subject: EVERYBODY[0] ?? { id: "nobody", attributes: {} } });
  const { reads, writes } = counts;

  const contenders = [contender("1 flag", decider, keys.slice(0, 1)), contender(`${FLAGS} flags`, decider, keys)];
  for (const each of [...contenders, ...contenders]) await each.run();
  const [one, many] = await measureInRounds(contenders, rounds);
  if (one === undefined || many === undefined) throw new Error("A contender was not measured.");
  return { flags: FLAGS, one, many, reads, writes };
}

function contender(name: string, decider: Decider, keys: readonly string[]): Contender {
  return {
    name,
    run: async () => {
      const start = cpuNanos();
      for (const subject of EVERYBODY.slice(0, CALLS)) {
        const [first] = await decider.decideForFlags(keys, { subject });
        if (first?.reason !== "experiment_assigned") throw new Error(`${subject.id} was not assigned.`);
      }
      return (cpuNanos() - start) / CALLS;
    },
  };
}

function deciderOn(counts: { reads: number; writes: number }): Decider {
  const snapshot = compileSnapshot(flagsOf(FLAGS, FULL_ALLOCATION), { parseRule });
  return createDecider({
    snapshots: { current: () => snapshot, refresh: () => Promise.resolve(snapshot) },
    history: {
      load: () => {
        counts.reads += 1;
        return Promise.resolve([]);
      },
    },
    recorder: {
      record: () => {
        counts.writes += 1;
        return Promise.resolve({ status: "committed" });
      },
    },
    cache: null,
    cacheTtlSeconds: 0,
    historyCache: null,
    historyCacheTtlSeconds: 0,
    queue: null,
    writeMode: "sync",
    clock: { now: () => 0 },
    ids: new Uuid7Source(),
    logger: SILENT,
    metrics: UNCOUNTED,
  });
}

const nothing = (): void => undefined;
const UNCOUNTED: DecisionMetrics = {
  decided: nothing,
  ruleFault: nothing,
  cacheLookup: nothing,
  recorded: nothing,
  historyConflict: nothing,
};
