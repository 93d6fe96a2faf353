import { join } from "node:path";
import { availableParallelism } from "node:os";
import { figure, type BenchRun } from "../bench.ts";
import { loadFully } from "../http/load.ts";
import { measureInRounds, spreadOf, type Contender, type Measured } from "../rounds.ts";
import { startApi, type ServerProcess } from "../servers/server-processes.ts";
import { canLimitCpu, limitCpu } from "./cpu-share.ts";
import { costOf, medianCost, readMeter, type Cost } from "./cost.ts";
import type { ScalingStage } from "./stage.ts";
import { WORKLOADS, type Workload } from "./workloads.ts";

/** From microseconds for one decision to processors for 100,000 in a second. */
const MICROS_TO_CORES = 10;

/** Of all callers together. */
const CONNECTIONS = 64;

/** Of a processor for each API process, so that the others have what they need on two processors. */
const SHARE = 0.3;

/** So that the queue never counts as full. */
const STREAM_MAX_LENGTH = "20000000";

/** Measures each workload on one API and on two, in alternating rounds. */
export async function measureApis(run: BenchRun, stage: ScalingStage): Promise<void> {
  const apis: ServerProcess[] = [];
  try {
    for (const name of ["api-1", "api-2"]) apis.push(await start(stage, name));
    const setups = setupsOf(apis);
    for (const workload of WORKLOADS) await compare(run, stage, { setups, workload });
  } finally {
    for (const api of apis) await api.stop();
  }
}

function start({ folder, postgres, redis }: ScalingStage, name: string): Promise<ServerProcess> {
  const env = {
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    DECISION_WRITE_MODE: "async",
    DECISION_STREAM_MAX_LENGTH: STREAM_MAX_LENGTH,
    LOTTY_DATA_DIR: join(folder, name),
  };
  return startApi({ name, env });
}

/** Some processes, perhaps held back. */
interface Setup {
  readonly name: string;
  readonly apis: readonly ServerProcess[];
  readonly isLimited: boolean;
}

function setupsOf(apis: readonly ServerProcess[]): readonly Setup[] {
  const one = { name: "1 API process", apis: apis.slice(0, 1), isLimited: false };
  const two = { name: "2 API processes", apis, isLimited: false };
  if (!canLimitCpu()) return [one, two];
  const limited = [one, two].map((setup) => ({ ...setup, name: `${setup.name}, ${SHARE} CPU each`, isLimited: true }));
  return [one, two, ...limited];
}

interface Comparison {
  readonly setups: readonly Setup[];
  readonly workload: Workload;
}

async function compare(run: BenchRun, stage: ScalingStage, { setups, workload }: Comparison): Promise<void> {
  const rounds = run.quick ? 1 : 5;
  const seconds = run.quick ? 1 : 2;
  const costs = new Map<string, Cost[]>();
  const contenders = setups.map((setup): Contender => {
    const { name } = setup;
    return {
      name,
      run: async () => {
        const { cost, rate } = await measureOnce(stage, { setup, workload, seconds });
        costs.set(name, [...(costs.get(name) ?? []), cost]);
        return rate;
      },
    };
  });
  for (const contender of contenders) await contender.run();
  costs.clear();
  const measured = await measureInRounds(contenders, rounds);
  run.print(`**${workload.name}**, ${CONNECTIONS} connections, ${rounds} rounds of ${seconds} s:`);
  run.table(
    COLUMNS,
    measured.map((each) => row(each, medianCost(costs.get(each.name) ?? []))),
  );
  const [, , one, two] = measured;
  if (one !== undefined && two !== undefined) {
    run.print(
      `The second process, each with ${SHARE} of a processor: ${(two.median / one.median).toFixed(2)} x the rate of one.`,
    );
  }
}

interface Measurement {
  readonly setup: Setup;
  readonly workload: Workload;
  readonly seconds: number;
}

async function measureOnce(
  stage: ScalingStage,
  { seconds, setup, workload }: Measurement,
): Promise<{ readonly rate: number; readonly cost: Cost }> {
  const { decisionsPerRequest, request } = workload;
  const pids = setup.apis.map(({ pid }) => pid);
  const connections = CONNECTIONS / pids.length;
  const limit = setup.isLimited ? limitCpu(pids, SHARE) : undefined;
  try {
    const before = await readMeter(stage, pids);
    const loads = setup.apis.map(({ port }) => loadFully({ port, connections, seconds, request }));
    const results = await Promise.all(loads);
    const requests = results.reduce((sum, { latencies }) => sum + latencies.length, 0);
    const perSecond = results.reduce((sum, { requestsPerSecond }) => sum + requestsPerSecond, 0);
    const cost = costOf(before, await readMeter(stage, pids), requests * decisionsPerRequest);
    return { rate: perSecond * decisionsPerRequest, cost };
  } finally {
    limit?.lift();
  }
}

const COLUMNS = [
  "",
  "decisions/s",
  "spread",
  "CPU µs: API",
  "Postgres",
  "Redis",
  "callers",
  "cores busy",
  "API cores at 100,000/s",
  "WAL bytes",
];

function row(measured: Measured, { callers, lotty, postgres, redis, walBytes }: Cost): readonly string[] {
  const busy = (measured.median * (lotty + postgres + redis + callers)) / 1e6;
  return [
    measured.name,
    figure(measured.median),
    spreadOf(measured),
    ...[lotty, postgres, redis, callers].map((micros) => micros.toFixed(1)),
    `${busy.toFixed(2)} of ${availableParallelism()}`,
    (lotty / MICROS_TO_CORES).toFixed(1),
    walBytes.toFixed(0),
  ];
}
