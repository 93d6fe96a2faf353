import { DEFAULT_ENVIRONMENT_ID, type Metric, type MomentsQuestion } from "@lotty/domain";
import { createMeter } from "@lotty/metrics";
import { openPostgres, type MeasureStorage } from "@lotty/persistence";
import { startPostgres } from "@lotty/test-servers/postgres";
import { Client } from "pg";
import { figure, type BenchRun } from "../bench.ts";
import { percentile } from "../rounds.ts";
import { SILENT } from "../silent-logger.ts";
import { fillExperiment, metricOf, queueSubjects, type ExperimentSize } from "./fill-experiment.ts";

const QUICK: ExperimentSize = { subjects: 20_000, events: 100_000 };
const FULL: ExperimentSize = { subjects: 10_000_000, events: 50_000_000 };

/** Subjects and days of one step, as workers take them. */
const BATCH = { subjects: 500, days: 8 };

const ROUNDS = 5;

/** What it costs to keep measures of an experiment up to date, and to ask for them. */
export async function benchResults(run: BenchRun): Promise<void> {
  const size = run.quick ? QUICK : FULL;
  const postgres = await startPostgres();
  const storage = await openPostgres({ url: postgres.url, logger: SILENT });
  const client = new Client(postgres.url);
  try {
    await storage.migrate();
    await client.connect();
    const { experimentId, metrics } = await fillExperiment(client, size);
    const measures = storage.measures(createMeter);
    run.print(
      `### ${size.subjects.toLocaleString("en")} exposures, ${size.events.toLocaleString("en")} events, ${metrics.length} metrics with covariates`,
    );
    await queueSubjects(client, size.subjects, 28);
    const all = await timeFold(measures);
    await client.query("VACUUM ANALYZE subject_metrics");
    await queueSubjects(client, size.subjects, 1);
    const day = await timeFold(measures);
    run.table(
      ["folding", "subjects measured", "days summed up"],
      [
        ["everything, once", `${figure(all.fold)} s`, `${figure(all.rollUp)} s`],
        ["the subjects of one day again", `${figure(day.fold)} s`, `${figure(day.rollUp)} s`],
      ],
    );
    const ask = (metric: Metric | undefined): Promise<number> => timeQuestion(measures, { experimentId, metric });
    const [, , sum, capped] = metrics;
    const sums = await ask(sum);
    await client.query(
      `INSERT INTO stale_rollups SELECT DISTINCT environment_id, experiment_id, metric_id, metric_version, cohort_day FROM rollups`,
    );
    const accumulators = await ask(sum);
    const winsorized = await ask(capped);
    const live = run.quick && sum !== undefined ? await ask(metricOf(sum.definition, metrics.length)) : NaN;
    run.table(
      ["a sum with its covariate, by variant, median", "ms"],
      [
        ["from sums of days", figure(sums * 1_000)],
        ["from the measures of subjects", figure(accumulators * 1_000)],
        ["from the measures of subjects, with a cap at 99.9 %", figure(winsorized * 1_000)],
        ["straight from the events (quick runs only)", figure(live * 1_000)],
      ],
    );
  } finally {
    await client.end();
    await storage.close();
    await postgres.stop();
  }
}

async function timeFold(measures: MeasureStorage): Promise<{ readonly fold: number; readonly rollUp: number }> {
  return measures.folding.run(async (steps) => {
    const begin = performance.now();
    while ((await steps.foldSubjects(BATCH.subjects)) > 0);
    await steps.advanceWatermark(0);
    const folded = performance.now();
    while ((await steps.rollUp(BATCH.days)) > 0);
    return { fold: (folded - begin) / 1_000, rollUp: (performance.now() - folded) / 1_000 };
  });
}

/** Median time of a question, in seconds. */
async function timeQuestion(
  measures: MeasureStorage,
  { experimentId, metric }: { readonly experimentId: string; readonly metric: Metric | undefined },
): Promise<number> {
  if (metric === undefined) return NaN;
  const question: MomentsQuestion = {
    environmentId: DEFAULT_ENVIRONMENT_ID,
    experimentId,
    metric,
    population: "exposed",
    from: null,
    to: null,
    completeOnly: false,
    by: "nothing",
  };
  const seconds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const begin = performance.now();
    await measures.moments.moments(question);
    seconds.push((performance.now() - begin) / 1_000);
  }
  return percentile(seconds, 0.5);
}
