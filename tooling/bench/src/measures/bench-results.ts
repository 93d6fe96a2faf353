import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_ENVIRONMENT_ID, type ExperimentMoments } from "@lotty/domain";
import { exportParquet, openParquetMoments } from "@lotty/duckdb";
import { createMeter } from "@lotty/metrics";
import { openPostgres, type MeasureStorage } from "@lotty/persistence";
import { preparePostgres } from "@lotty/test-servers/postgres";
import { startPrepared } from "@lotty/test-servers/server-process";
import { Client } from "pg";
import { figure, type BenchRun } from "../bench.ts";
import { SILENT } from "../silent-logger.ts";
import { experimentSize, type ExperimentSize } from "./experiment-size.ts";
import { fillExperiment, metricOf, SEGMENT, type FilledExperiment } from "./fill-experiment.ts";
import { sumUpAll, timeFolding } from "./time-folding.ts";
import { differenceOf, questionOf, timed, timeQuestion } from "./time-questions.ts";

/** A log that is not written about tables that nobody changes later, and memory as on a small server. */
const SETTINGS = { wal_level: "minimal", max_wal_senders: "0", max_wal_size: "2GB", shared_buffers: "1GB" };

const ROUNDS = 5;

const EQUAL = 1e-12;

/** What everything here is measured on. */
interface Bench {
  readonly run: BenchRun;
  readonly size: ExperimentSize;
  readonly client: Client;
  readonly measures: MeasureStorage;
  readonly experiment: FilledExperiment;
}

/** What it costs to keep measures of an experiment up to date, and to ask for them: from sums, from measures, and by DuckDB from files. */
export async function benchResults(run: BenchRun): Promise<void> {
  const size = experimentSize(run.quick);
  const postgres = await startPrepared(await preparePostgres(SETTINGS, "disk"));
  const storage = await openPostgres({ url: postgres.url, logger: SILENT });
  const client = new Client(postgres.url);
  try {
    await storage.migrate();
    await client.connect();
    const begin = performance.now();
    const experiment = await fillExperiment({ client, url: postgres.url }, size);
    const bench = { run, size, client, experiment, measures: storage.measures(createMeter) };
    await describe(bench, performance.now() - begin);
    await sumUpAll(bench.measures);
    await compareReports(bench);
    await timeFolding(run, bench);
  } finally {
    await client.end();
    await storage.close();
    await postgres.stop();
  }
}

async function describe({ client, run, size }: Bench, millis: number): Promise<void> {
  const { rows } = await client.query<{ size: string }>(
    "SELECT pg_size_pretty(pg_database_size(current_database())) AS size",
  );
  run.print(
    `${size.exposures.toLocaleString("en")} exposures, ${size.events.toLocaleString("en")} events, two metrics with covariates. Tables, those of measures too, were ` +
      `filled by SQL in ${figure(millis / 60_000)} min; ${rows[0]?.size ?? ""} on disk, of which Postgres keeps 1 GB in memory itself. Only the rates of folding are those of ` +
      "Lotty's own steps. Everything runs beside the load of this one machine.",
  );
}

async function compareReports(bench: Bench): Promise<void> {
  const { client, experiment, measures, run } = bench;
  const directory = await mkdtemp(join(tmpdir(), "lotty-bench-parquet-"));
  try {
    const files = join(directory, "export");
    const target = { environmentId: DEFAULT_ENVIRONMENT_ID, experimentId: experiment.experimentId, directory: files };
    const begin = performance.now();
    const { manifest } = await exportParquet(measures.exporting, target);
    const seconds = (performance.now() - begin) / 1_000;
    const names = [manifest.exposures.file, ...manifest.metrics.map(({ file }) => file)];
    const sizes = await Promise.all(names.map((name) => stat(join(files, name))));
    const bytes = sizes.reduce((sum, each) => sum + each.size, 0);
    const parquet = await openParquetMoments(files);
    try {
      await compareAnswers(bench, parquet);
    } finally {
      await parquet.close();
    }
    run.print(`\`lotty export parquet\` wrote ${figure(bytes / 1e6)} MB in ${figure(seconds)} s.`);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
  await client.query("CHECKPOINT");
}

async function compareAnswers(bench: Bench, parquet: ExperimentMoments): Promise<void> {
  const { client, experiment, measures, run } = bench;
  const { capped, experimentId, sum } = experiment;
  const { moments } = measures;
  const plain = { experimentId, metric: sum, by: "nothing" } as const;
  const daily = { ...plain, by: "cohort_day" } as const;
  const segmented = { ...plain, by: { segment: SEGMENT } };
  const winsorized = { ...plain, metric: capped };
  const ask = (asked: typeof plain | typeof daily | typeof segmented): Promise<number> =>
    timeQuestion(moments, asked, ROUNDS);
  const duck = (asked: typeof plain | typeof daily | typeof segmented): Promise<number> =>
    timeQuestion(parquet, asked, ROUNDS);
  const difference = differenceOf(
    (await moments.moments(questionOf(segmented))).arms,
    (await parquet.moments(questionOf(segmented))).arms,
  );
  const rolledUp = [await ask(plain), await ask(daily), await ask(segmented)];
  await distrustSums(client);
  const accumulators = [await ask(plain), await ask(daily)];
  const rows = [
    ["a sum with its covariate, by variant", rolledUp[0], accumulators[0], await duck(plain)],
    ["the same by day of exposure", rolledUp[1], accumulators[1], await duck(daily)],
    ["the same by segment", rolledUp[2], await ask(segmented), await duck(segmented)],
    ["the same with a cap at 99.9 %", NaN, await ask(winsorized), await duck(winsorized)],
    ["the way of all subjects", NaN, await timed(1, () => measures.funnel.funnel(questionOf(plain))), NaN],
    ["straight from the events", NaN, await fromEvents(bench), NaN],
  ] as const;
  await sumUpAll(measures);
  run.table(
    ["ms, median", "from roll-ups", "from accumulators", "DuckDB, from Parquet"],
    rows.map(([name, ...seconds]) => [name, ...seconds.map((each) => inMillis(each ?? NaN))]),
  );
  run.judge({
    what: "moments by segment from Postgres and from DuckDB",
    target: `equal to ${String(EQUAL)} of their size`,
    measured: `differ by ${difference.toExponential(1)}`,
    met: difference <= EQUAL,
  });
}

function inMillis(seconds: number): string {
  return seconds === Infinity ? "given up" : figure(seconds * 1_000);
}

/** Names all days as changed, so that they are read from the measures of subjects. */
async function distrustSums(client: Client): Promise<void> {
  await client.query(
    `INSERT INTO stale_rollups SELECT DISTINCT environment_id, experiment_id, metric_id, metric_version, cohort_day FROM rollups`,
  );
}

/** Of a metric that nobody has folded. It takes time in proportion to the events, too much for a screen at full size. */
async function fromEvents({ experiment, measures, run }: Bench): Promise<number> {
  if (!run.quick) return NaN;
  const { experimentId, sum } = experiment;
  const metric = metricOf(sum.definition, "live");
  return timeQuestion(measures.moments, { experimentId, metric, by: "nothing" }, 1);
}
