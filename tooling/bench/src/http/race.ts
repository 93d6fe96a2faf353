import { figure } from "../bench.ts";
import { measureInRounds, percentile, spreadOf, type Measured } from "../rounds.ts";
import { cpuSecondsOf } from "../servers/process-cpu.ts";
import type { ServerProcess } from "../servers/server-processes.ts";
import { loadFully, loadSteadily, type LoadResult } from "./load.ts";

/** A server and what it is asked. */
export interface Racer {
  readonly server: ServerProcess;
  /** The bytes of the n-th request. */
  readonly request: (n: number) => string;
}

/** How servers are compared. */
export interface RaceOptions {
  readonly connections: number;
  readonly rounds: number;
  /** Of each round. */
  readonly seconds: number;
}

/** How one server did. */
export interface RaceResult extends Measured {
  /** Processor time of the server for one request at the highest rate, in microseconds; the median of the rounds. */
  readonly cpuMicros: number;
  /** Medians of the rounds, in milliseconds. */
  readonly p99Fully: number;
  readonly p99AtHalf: number;
  /** Answers in all, of the warm-up too. */
  readonly answers: number;
}

/** Until the compilers of all of them are through, and caches hold what they will hold. */
const WARM_UP_ROUNDS = 3;

/** The share of the highest rate at which answering times are compared. */
const STEADY_SHARE = 0.5;

/**
 * Compares servers: first the highest rate of each, in alternating rounds after a warm-up, then the answering times
 * at half of its own highest rate, in alternating rounds too.
 */
export async function race(racers: readonly Racer[], options: RaceOptions): Promise<readonly RaceResult[]> {
  const { connections, rounds, seconds } = options;
  const answers = new Map<string, number>();
  const count = (name: string, { latencies }: LoadResult): number => {
    answers.set(name, (answers.get(name) ?? 0) + latencies.length);
    return percentile(latencies, 0.99);
  };
  const p99Fully = new Map<string, number[]>();
  const cpu = new Map<string, number[]>();
  const fully = racers.map(({ request, server: { name, pid, port } }) => ({
    name,
    run: async () => {
      const before = cpuSecondsOf(pid);
      const result = await loadFully({ port, connections, seconds, request });
      const micros = ((cpuSecondsOf(pid) - before) * 1e6) / result.latencies.length;
      cpu.set(name, [...(cpu.get(name) ?? []), micros]);
      p99Fully.set(name, [...(p99Fully.get(name) ?? []), count(name, result)]);
      return result.requestsPerSecond;
    },
  }));
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1) {
    for (const { run } of fully) await run();
  }
  p99Fully.clear();
  cpu.clear();
  const rates = await measureInRounds(fully, rounds);

  const steadily = racers.map(({ request, server: { name, port } }, index) => ({
    name,
    run: async () => {
      const ratePerSecond = (rates[index]?.median ?? 0) * STEADY_SHARE;
      return count(name, await loadSteadily({ port, connections, seconds, request, ratePerSecond }));
    },
  }));
  const p99AtHalf = await measureInRounds(steadily, Math.ceil(rounds / 2));
  return rates.map((rate, index) => ({
    ...rate,
    cpuMicros: percentile(cpu.get(rate.name) ?? [], 0.5),
    p99Fully: percentile(p99Fully.get(rate.name) ?? [], 0.5),
    p99AtHalf: p99AtHalf[index]?.median ?? Number.NaN,
    answers: answers.get(rate.name) ?? 0,
  }));
}

/** Columns of {@link raceRows}. */
export const RACE_COLUMNS: readonly string[] = [
  "",
  "median requests/s",
  "spread",
  "CPU µs/request",
  "p99 ms",
  "p99 ms at half the rate",
];

/** The results as rows of a table, each rate also as a ratio to that of `to`. */
export function raceRows(results: readonly RaceResult[], to: string): readonly (readonly string[])[] {
  const base = results.find(({ name }) => name === to)?.median ?? Number.NaN;
  return results.map((result) => [
    result.name,
    figure(result.median),
    spreadOf(result),
    result.cpuMicros.toFixed(0),
    result.p99Fully.toFixed(1),
    result.p99AtHalf.toFixed(1),
    (result.median / base).toFixed(2),
  ]);
}
