import { runFunctionCase } from "./functions/function-runner.ts";
import { addTally, count, emptyTally, tallyLine, type CaseResult } from "./report.ts";
import { runScenario } from "./scenarios/run-scenario.ts";
import type { ScenarioStore } from "./stores/scenario-store.ts";
import { readVectorFiles, type VectorCase, type VectorFile } from "./vector-files.ts";

/** How many differences of a file are printed in full. */
const SHOWN_DIFFERENCES = 5;

/** Runs all files of a folder and prints what came out. Returns how many cases failed. */
export async function runConformance(
  folder: string,
  store: ScenarioStore,
  print: (line: string) => void,
): Promise<number> {
  const total = emptyTally();
  const files = readVectorFiles(folder);
  if (files.length === 0) throw new Error(`There are no vectors in ${folder}.`);
  for (const file of files) {
    const tally = emptyTally();
    for (const vector of file.cases) {
      const result = await runCase(file, vector, store);
      count(tally, result);
      if (result.status === "failed" && tally.failed <= SHOWN_DIFFERENCES) {
        print(`  ${file.name} ${vector.id} [${vector.group}]: ${result.difference}`);
      }
    }
    print(tallyLine(file.name, tally));
    addTally(total, tally);
  }
  print(tallyLine("total", total));
  print(`${total.passed} passed, ${total.failed} failed`);
  return total.failed;
}

async function runCase(file: VectorFile, vector: VectorCase, store: ScenarioStore): Promise<CaseResult> {
  try {
    return file.kind === "function" ? runFunctionCase(file.name, vector) : await runScenario(vector, store);
  } catch (error) {
    return { status: "failed", difference: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
