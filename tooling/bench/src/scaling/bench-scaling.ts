import type { BenchRun } from "../bench.ts";
import { measureApis } from "./measure-apis.ts";
import { measureReport } from "./measure-report.ts";
import { measureWorkers } from "./measure-workers.ts";
import { openScalingStage } from "./stage.ts";
import { printStorage } from "./storage-size.ts";

/** What a decision costs each part of an installation, and what a second process of a part adds to it. */
export async function benchScaling(run: BenchRun): Promise<void> {
  run.print(
    "Everything shares this machine, the callers too: when all processors are busy, another process cannot add to the rate. So " +
      "processes are also measured with a share of a processor each, which leaves the rest to everybody else; and what counts " +
      "for larger machines is the processor time that a decision costs. `cores at 100,000/s` is that time for 100,000 decisions " +
      "in a second.",
  );
  const stage = await openScalingStage();
  try {
    await measureApis(run, stage);
    await measureWorkers(run, stage);
    await printStorage(run, stage);
    await measureReport(run, stage);
  } finally {
    await stage.stop();
  }
}
