/**
 * Measures one contender in a process of its own, so that neither its garbage nor what the compiler learnt about it falls on
 * the others: `node contender-process.ts MODULE ARGUMENT`. The module's `create(argument)` gives what to measure. Reports
 * how many subjects it took, then measures one round for each message `round`, and single calls for `calls`.
 */
import { cpuNanos } from "../cpu-time.ts";
import { percentile } from "../rounds.ts";
import { subjects } from "../engine/workload.ts";
import type { CallTimes, ContenderModule, ContenderReport } from "./contender-module.ts";

/** Shortest round: systems count processor time in steps of some milliseconds. */
const ROUND_NANOS = 200_000_000;

const [, , specifier = "", argument = ""] = process.argv;
const contender = (await import(specifier)) as ContenderModule;
const { asynchronous = false, contextOf, decide } = await contender.create(Number(argument));
const contexts = subjects.map(contextOf);

let taken = 0;
for (const context of contexts) if (isTaken(await decide(context))) taken += 1;
report({ kind: "ready", taken: taken / contexts.length });

process.on("message", (order: "round" | "calls" | "end") => {
  if (order === "end") process.exit(0);
  else if (order === "calls") report({ kind: "calls", times: timeCalls() });
  else
    void (asynchronous ? timeAwaited() : Promise.resolve(timeRound())).then((nanos) =>
      report({ kind: "round", nanos }),
    );
});

function report(message: ContenderReport): void {
  process.send?.(message);
}

function isTaken(value: unknown): boolean {
  return value !== "off" && value !== false;
}

/** Nanoseconds per decision, over as many times all subjects as a round takes. */
function timeRound(): number {
  let passes = 0;
  const start = cpuNanos();
  do {
    let count = 0;
    for (const context of contexts) if (isTaken(decide(context))) count += 1;
    check(count);
    passes += 1;
  } while (cpuNanos() - start < ROUND_NANOS);
  return (cpuNanos() - start) / (passes * contexts.length);
}

async function timeAwaited(): Promise<number> {
  let passes = 0;
  const start = cpuNanos();
  do {
    let count = 0;
    for (const context of contexts) if (isTaken(await decide(context))) count += 1;
    check(count);
    passes += 1;
  } while (cpuNanos() - start < ROUND_NANOS);
  return (cpuNanos() - start) / (passes * contexts.length);
}

/** Who decides otherwise than the first time has measured something else. */
function check(count: number): void {
  if (count !== taken) throw new Error(`${count} were taken, and ${taken} before.`);
}

function timeCalls(): CallTimes {
  const nanos = Float64Array.from(contexts, (context) => {
    const start = process.hrtime.bigint();
    void decide(context);
    return Number(process.hrtime.bigint() - start);
  });
  return { p50: percentile(nanos, 0.5) / 1_000, p99: percentile(nanos, 0.99) / 1_000 };
}
