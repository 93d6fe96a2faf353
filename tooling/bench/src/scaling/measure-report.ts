import { DEFAULT_ENVIRONMENT_ID } from "@lotty/domain";
import { postgresReportSource } from "@lotty/persistence";
import { figure, type BenchRun } from "../bench.ts";
import { DEMO_FLAGS } from "../http/demo-flags.ts";
import { measureInRounds, spreadOf } from "../rounds.ts";
import { SILENT } from "../silent-logger.ts";
import type { ScalingStage } from "./stage.ts";

const ROUNDS = 3;
const TIMEOUT_MILLIS = 60_000;

/** Measures a report over everything that the benchmark has left in the table. */
export async function measureReport(run: BenchRun, { postgres, query }: ScalingStage): Promise<void> {
  const { rows } = await query("SELECT count(*)::float8 AS rows FROM decisions");
  const limits = { timeoutMillis: TIMEOUT_MILLIS, connectTimeoutMillis: TIMEOUT_MILLIS };
  const source = postgresReportSource({ url: postgres.url, logger: SILENT, ...limits });
  try {
    const environmentId = DEFAULT_ENVIRONMENT_ID;
    const { experiments, flags } = await source.configuration.load(environmentId);
    const contenders = Object.values(DEMO_FLAGS).map((flagKey) => {
      const flag = flags.find(({ key }) => key === flagKey);
      const experimentId = experiments.find(({ flagId }) => flagId === flag?.id)?.id ?? environmentId;
      return {
        name: flagKey,
        run: async () => {
          const begin = performance.now();
          await source.reports.spread({ environmentId, flagKey, experimentId, from: 0, to: Date.now() * 1_000 });
          return Number(rows) / ((performance.now() - begin) / 1_000);
        },
      };
    });
    const measured = await measureInRounds(contenders, ROUNDS);
    run.print(`**A report** over ${Number(rows).toLocaleString("en")} rows of all flags, one connection:`);
    run.table(
      ["flag", "median rows/s", "spread"],
      measured.map((each) => [each.name, figure(each.median), spreadOf(each)]),
    );
  } finally {
    await source.close();
  }
}
