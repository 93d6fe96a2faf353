import type { MeasureStorage } from "@lotty/persistence";
import type { Client } from "pg";
import { figure, type BenchRun } from "../bench.ts";
import type { ExperimentSize } from "./experiment-size.ts";
import { forgetMeasures, queueSubjects } from "./fill-experiment.ts";

/** Subjects and days of one step, as workers take them. */
const BATCH = { subjects: 2_000, days: 8 };

/** How long folding took, in seconds. */
interface FoldTimes {
  readonly fold: number;
  readonly rollUp: number;
}

/** Sums up all days whose sums are wrong, and says that everything is folded. Nobody else writes here. */
export async function sumUpAll(measures: MeasureStorage): Promise<FoldTimes> {
  return measures.folding.run(async (steps) => {
    const begin = performance.now();
    while ((await steps.foldSubjects(BATCH.subjects)) > 0);
    await steps.advanceWatermark(0);
    const folded = performance.now();
    while ((await steps.rollUp(BATCH.days)) > 0);
    return { fold: (folded - begin) / 1_000, rollUp: (performance.now() - folded) / 1_000 };
  });
}

/** Folds some subjects by the product's own steps: as if nobody had yet, and again when nothing is new. */
export async function timeFolding(
  run: BenchRun,
  {
    client,
    measures,
    size,
  }: { readonly client: Client; readonly measures: MeasureStorage; readonly size: ExperimentSize },
): Promise<void> {
  const { events, exposures, folded } = size;
  await forgetMeasures(client, folded);
  await queueSubjects(client, folded);
  const first = await sumUpAll(measures);
  await queueSubjects(client, folded);
  const again = await sumUpAll(measures);
  const row = (name: string, { fold, rollUp }: FoldTimes): readonly string[] => [
    name,
    figure((folded * events) / exposures / fold),
    figure(folded / fold),
    figure(rollUp),
  ];
  run.table(
    [`${folded.toLocaleString("en")} subjects folded, two metrics`, "events/s", "subjects/s", "s to sum up their days"],
    [row("for the first time", first), row("again, with nothing new", again)],
  );
}
