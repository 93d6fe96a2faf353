import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DEFAULT_ENVIRONMENT_ID,
  MICROS_PER_DAY,
  type ExperimentMoments,
  type MetricDefinition,
  type MomentsQuestion,
  type SubjectValue,
} from "@lotty/domain";
import { exportParquet, openParquetMoments, type DuckDbExperimentMoments } from "@lotty/duckdb";
import { createMeter } from "@lotty/metrics";
import { openEmbedded, openPostgres, type MeasureStorage, type Storage } from "@lotty/persistence";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestDatabase } from "@lotty/testkit/servers/postgres";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectMoments } from "../testing/measures/expect-moments.ts";
import { DEFINITIONS, questionOf, storeWorld, type ExperimentWorld } from "../testing/measures/experiment-world.ts";
import { foldShop, playShop, shopper } from "../testing/measures/play-shop.ts";

/** Ten days ago, so that windows of three days are over for some and open for others. */
const START = (Date.now() - 10 * 86_400_000) * 1_000;
const DAY = Math.ceil(START / MICROS_PER_DAY) * MICROS_PER_DAY;

const ALL: readonly MetricDefinition[] = [
  ...DEFINITIONS,
  ...DEFINITIONS.slice(0, 1).map((plain) => ({ ...plain, kind: "quantile" as const, quantile: 0.9 })),
];

const BY: readonly MomentsQuestion["by"][] = ["nothing", "cohort_day", { segment: "country" }, { segment: "plan" }];

const SPANS = [
  { from: null, to: null, completeOnly: false },
  { from: null, to: null, completeOnly: true },
  { from: DAY + 5_000_000_000, to: DAY + 4 * MICROS_PER_DAY + 1, completeOnly: false },
] as const;

async function valuesOf(moments: ExperimentMoments, question: MomentsQuestion): Promise<readonly SubjectValue[]> {
  const values: SubjectValue[] = [];
  for await (const value of moments.values(question)) values.push(value);
  return values;
}

describe.each([
  ["Postgres", 6],
  ["PGlite", 2],
] as const)("an experiment exported from %s to Parquet files", (kind, runs) => {
  let storage: Storage;
  let measures: MeasureStorage;
  let directory = "";
  let worlds = 0;
  let drop: () => Promise<void> = () => Promise.resolve();

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "lotty parquet's "));
    const logger = new RecordingLogger();
    if (kind === "Postgres") {
      const database = await createTestDatabase();
      drop = () => database.drop();
      storage = await openPostgres({ url: database.url, logger });
    } else storage = await openEmbedded({ directory: "memory", logger });
    await storage.migrate();
    measures = storage.measures(createMeter);
  }, 60_000);
  afterAll(async () => {
    await storage.close();
    await drop();
    await rm(directory, { recursive: true, force: true });
  });

  function target(world: ExperimentWorld, name: string): Parameters<typeof exportParquet>[1] {
    const experimentId = world.experiment.id;
    return { environmentId: DEFAULT_ENVIRONMENT_ID, experimentId, directory: join(directory, name) };
  }

  async function opened(world: ExperimentWorld, work: (moments: DuckDbExperimentMoments) => Promise<void>) {
    worlds += 1;
    const to = target(world, `export ${worlds}`);
    await exportParquet(measures.exporting, to);
    const moments = await openParquetMoments(to.directory);
    try {
      await work(moments);
    } finally {
      await moments.close();
    }
  }

  it("answers as the database does, whatever is asked", { timeout: 300_000 }, async () => {
    const shops = fc.array(shopper, { minLength: 1, maxLength: 60, size: "max" });
    await fc.assert(
      fc.asyncProperty(shops, async (shoppers) => {
        const world = await storeWorld(storage, ALL);
        await playShop(storage, world, { prefix: `${kind}-${worlds}-ø-`, shoppers, start: START });
        await foldShop(measures);
        await opened(world, async (moments) => {
          for (const metric of world.metrics) {
            for (const span of SPANS) {
              const question = { ...questionOf(world, metric), ...span };
              for (const by of BY) {
                const [given, expected] = await Promise.all([
                  moments.moments({ ...question, by }),
                  measures.moments.moments({ ...question, by }),
                ]);
                expect(given.watermark).toBe(expected.watermark);
                expectMoments(given.arms, expected.arms);
              }
              expect(await valuesOf(moments, question)).toStrictEqual(await valuesOf(measures.moments, question));
            }
          }
        });
      }),
      { numRuns: runs, endOnFailure: true, seed: 20_261_129 },
    );
  });

  it(
    "keeps the variance of values a billion away from zero, over more than one page",
    { timeout: 60_000 },
    async () => {
      const world = await storeWorld(storage, ALL.slice(2, 3));
      const [metric] = world.metrics;
      if (metric === undefined) throw new Error("A metric was stored.");
      const shoppers = Array.from({ length: 2_100 }, (_, index) => ({
        variant: 0,
        exposedAt: 1,
        several: false,
        country: "NO",
        plan: index % 2 === 0 ? "free" : null,
        events: [{ at: 2, type: "purchase" as const, value: 1e9 + (index % 2), amount: 1 }],
      }));
      await playShop(storage, world, { prefix: "far-", shoppers, start: START });
      await foldShop(measures);
      await opened(world, async (moments) => {
        const { arms } = await moments.moments(questionOf(world, metric));
        expect(arms).toMatchObject([{ n: 2_100, mean: [1e9 + 0.5] }]);
        expect((arms[0]?.m2[0]?.[0] ?? NaN) / 2_100).toBeCloseTo(0.25, 6);
        const byPlan = await moments.moments({ ...questionOf(world, metric), by: { segment: "plan" } });
        expect(byPlan.arms.map(({ n, segment }) => [segment, n])).toStrictEqual([
          ["free", 1_050],
          [null, 1_050],
        ]);
      });
    },
  );

  it("refuses what it does not hold", { timeout: 60_000 }, async () => {
    const world = await storeWorld(storage, ALL.slice(0, 1));
    const [metric] = world.metrics;
    if (metric === undefined) throw new Error("A metric was stored.");
    await foldShop(measures);
    await opened(world, async (moments) => {
      const question = questionOf(world, metric);
      expect(await moments.moments(question)).toMatchObject({ arms: [] });
      const refusal = (of: Partial<MomentsQuestion>) => moments.moments({ ...question, ...of });
      await expect(refusal({ population: "assigned" })).rejects.toMatchObject({ code: "invalid_request" });
      await expect(refusal({ metric: { ...metric, version: 9 } })).rejects.toMatchObject({ code: "not_found" });
      await expect(refusal({ experimentId: metric.id })).rejects.toMatchObject({ code: "not_found" });
      await expect(valuesOf(moments, { ...question, population: "assigned" })).rejects.toMatchObject({
        code: "invalid_request",
      });
    });
  });

  it("is there with everything in it, or not at all", { timeout: 60_000 }, async () => {
    const world = await storeWorld(storage, ALL.slice(0, 2));
    const to = target(world, "whole");
    // Nothing is measured before the metrics are noted.
    await expect(exportParquet(measures.exporting, to)).rejects.toMatchObject({ code: "not_found" });
    await foldShop(measures);
    const breaking: typeof measures.exporting = {
      within: (experiment, work) =>
        measures.exporting.within(experiment, (snapshot) =>
          work({
            ...snapshot,
            measures: () => {
              throw new Error("The line is cut.");
            },
          }),
        ),
    };
    await expect(exportParquet(breaking, to)).rejects.toMatchObject({ code: "database_unavailable" });
    expect((await readdir(directory)).filter((name) => name.startsWith("whole"))).toStrictEqual([]);

    const { manifest, unfinished } = await exportParquet(measures.exporting, to);
    expect(unfinished).toStrictEqual([]);
    const files = [...manifest.metrics.map(({ file }) => file), "exposures.parquet", "manifest.json"];
    expect(await readdir(to.directory)).toStrictEqual(files.toSorted());
    await expect(exportParquet(measures.exporting, to)).rejects.toMatchObject({ code: "invalid_request" });

    await writeFile(join(to.directory, "manifest.json"), JSON.stringify({ ...manifest, format: 2 }));
    await expect(openParquetMoments(to.directory)).rejects.toMatchObject({ code: "invalid_request" });
    await expect(openParquetMoments(directory)).rejects.toMatchObject({ code: "not_found" });
  });

  it("leaves out metrics that are still being measured, and says which", { timeout: 60_000 }, async () => {
    const world = await storeWorld(storage, ALL.slice(0, 1));
    await measures.folding.run(async (steps) => {
      await steps.noteMetrics();
    });
    await expect(exportParquet(measures.exporting, target(world, "early"))).rejects.toMatchObject({
      code: "not_found",
    });
    const unfinished = await measures.exporting.within(target(world, "early"), (snapshot) =>
      Promise.resolve(snapshot.unfinished),
    );
    expect(unfinished).toStrictEqual(
      world.metrics.map(({ id, version }) => ({ metricId: id, metricVersion: version })),
    );
  });
});
