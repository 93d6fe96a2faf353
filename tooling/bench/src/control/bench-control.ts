import { DEFAULT_ENVIRONMENT_ID } from "@lotty/domain";
import { openPostgres, type Storage } from "@lotty/persistence";
import { startPostgres } from "@lotty/test-servers/postgres";
import { Client } from "pg";
import { atMost, figure, type BenchRun } from "../bench.ts";
import { measureSnapshotMemory } from "../growth/measure-snapshot-memory.ts";
import { percentile } from "../rounds.ts";
import { SILENT } from "../silent-logger.ts";
import { compareDecisions } from "./compare-decisions.ts";
import { largeConfiguration, type ConfigurationSize } from "./large-configuration.ts";
import { loadAndCompile, type LoadCost } from "./load-and-compile.ts";
import { timeChanges, type ChangeTimes } from "./time-changes.ts";

const SMALL: ConfigurationSize = { flags: 10, experiments: 3 };
const LARGE: ConfigurationSize = { flags: 10_000, experiments: 3_000 };
const SIZES = [SMALL, LARGE];

const MB = 1024 ** 2;

/** What a large configuration costs: to load, to hold, to change, and to decide by. */
export async function benchControl(run: BenchRun): Promise<void> {
  const postgres = await startPostgres();
  try {
    const databases: string[] = [];
    for (const size of SIZES) databases.push(await fill(postgres.url, size));
    await reportLoads(run, databases);
    await reportMemory(run);
    await reportChanges(run, databases);
    await compareDecisions(run, { small: SMALL, large: LARGE });
  } finally {
    await postgres.stop();
  }
}

function nameOf({ experiments, flags }: ConfigurationSize): string {
  return `${flags.toLocaleString("en")} flags, ${experiments.toLocaleString("en")} experiments`;
}

async function reportLoads(run: BenchRun, databases: readonly string[]): Promise<void> {
  const costs: LoadCost[] = [];
  for (const url of databases) costs.push(await withStorage(url, (storage) => loadAndCompile(url, storage, run.quick)));
  run.print("### Loading and compiling a configuration, medians");
  run.table(
    ["", ...SIZES.map(nameOf)],
    [
      ["all of it, by a process that starts", ...costs.map(({ first }) => `${figure(first)} ms`)],
      ["compiling that", ...costs.map(({ compile }) => `${figure(compile)} ms`)],
      ["after one change, by a process that has it", ...costs.map(({ again }) => `${figure(again)} ms`)],
      [
        "compiling that, the earlier one being at hand",
        ...costs.map(({ compileAgain }) => `${figure(compileAgain)} ms`),
      ],
    ],
  );
}

async function reportMemory(run: BenchRun): Promise<void> {
  const { heapBytes, rssBytes } = await measureSnapshotMemory(LARGE.flags, LARGE.experiments);
  run.print(
    `Two snapshots of ${nameOf(LARGE)}, as a process holds them while it changes over: ${(heapBytes / MB).toFixed(0)} MB of heap, ` +
      `${(rssBytes / MB).toFixed(0)} MB resident above the empty process.`,
  );
}

async function reportChanges(run: BenchRun, databases: readonly string[]): Promise<void> {
  const times: ChangeTimes[] = [];
  for (const url of databases) times.push(await timeChanges(url, run.quick ? 20 : 100));
  run.print("### A change of one flag, from one API to the decisions of another on the same Postgres");
  run.table(
    ["", ...SIZES.map(nameOf)],
    [
      ["answered after, median", ...times.map(({ answered }) => `${figure(percentile(answered, 0.5))} ms`)],
      ["answered after, worst", ...times.map(({ answered }) => `${figure(Math.max(...answered))} ms`)],
      ["then live in the other after, median", ...times.map(({ live }) => `${figure(percentile(live, 0.5))} ms`)],
      ["then live in the other after, worst", ...times.map(({ live }) => `${figure(Math.max(...live))} ms`)],
    ],
  );
  const worst = Math.max(...(times.at(-1)?.live ?? []));
  run.judge(atMost(worst, { what: `a change live with ${nameOf(LARGE)}, worst`, bound: 1_000, unit: "ms" }));
}

/** A database with a configuration of that size. */
async function fill(server: string, size: ConfigurationSize): Promise<string> {
  const name = `bench_${size.flags}`;
  const client = new Client(server);
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const url = new URL(server);
  url.pathname = name;
  await withStorage(url.href, async (storage) => {
    await storage.migrate();
    await storage.configuration.apply(DEFAULT_ENVIRONMENT_ID, largeConfiguration(size), 0);
  });
  return url.href;
}

async function withStorage<Result>(url: string, work: (storage: Storage) => Promise<Result>): Promise<Result> {
  const storage = await openPostgres({ url, logger: SILENT });
  try {
    return await work(storage);
  } finally {
    await storage.close();
  }
}
