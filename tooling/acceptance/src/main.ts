import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { configurationOf, readDefinitions } from "@lotty/definitions";
import type { Experiment } from "@lotty/domain";
import { differencesFrom, startDemoApi } from "./ask-api.ts";
import { repository, runLotty } from "./run-cli.ts";
import { countResults, sampleRatioOf } from "./shares.ts";
import { writeSubjects } from "./subjects.ts";

const FLAGS = [
  "checkout-button-colour",
  "search-results-per-page",
  "pricing-page",
  "onboarding-checklist",
  "support-chat",
];
/** A fair draw comes out below it once in a thousand runs of another input, and never on the same input. */
const LEAST_P_VALUE = 0.001;
const DEMO = join(repository, "demo/lotty.yaml");

const { values } = parseArgs({
  options: { subjects: { type: "string", default: "1000000" }, sample: { type: "string", default: "10000" } },
});
const subjects = Number(values.subjects);
const sample = Math.min(Number(values.sample), subjects);

let passed = 0;
let failed = 0;

function check(holds: boolean, text: string): void {
  process.stdout.write(`${holds ? "ok  " : "FAIL"} ${text}\n`);
  if (holds) passed += 1;
  else failed += 1;
}

const folder = await mkdtemp(join(tmpdir(), "lotty-acceptance-"));
try {
  const input = join(folder, "subjects.ndjson");
  const output = join(folder, "decisions.ndjson");
  await writeSubjects(input, subjects);
  const run = await runLotty(["decide", ...FLAGS, "--subjects", input, "--out", output, "--definitions", DEMO]);
  const rate = Math.round((subjects * FLAGS.length) / run.seconds);
  process.stdout.write(
    `${run.seconds.toFixed(1)} s, ${rate} decisions/s, peak memory ${run.peakMegabytes.toFixed(0)} MB\n`,
  );

  const counts = await countResults(output);
  check(counts.lines === subjects, `${counts.lines} lines for ${subjects} subjects`);
  for (const [reason, count] of counts.byReason) process.stdout.write(`     ${reason}: ${count}\n`);
  for (const experiment of await demoExperiments()) {
    if (experiment.variants.length < 2) continue;
    const assigned = experiment.variants.reduce((sum, { id }) => sum + (counts.byVariant.get(id) ?? 0), 0);
    const ratio = sampleRatioOf(experiment, counts);
    const facts =
      ratio.status === "ok"
        ? `chi-square ${ratio.chiSquared.toFixed(2)} with ${ratio.df} degrees, p = ${ratio.p.toFixed(4)}`
        : ratio.status;
    check(ratio.status === "ok" && ratio.p >= LEAST_P_VALUE, `${experiment.key}: ${assigned} subjects, ${facts}`);
  }
  await compareWithApi(output);
} finally {
  await rm(folder, { recursive: true, force: true });
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

async function compareWithApi(output: string): Promise<void> {
  const api = await startDemoApi();
  try {
    const differences = await differencesFrom(api, output, sample);
    for (const difference of differences.slice(0, 5)) process.stdout.write(`     ${difference}\n`);
    check(differences.length === 0, `${sample} subjects over HTTP, ${differences.length} differ`);
  } finally {
    await api.stop();
  }
}

async function demoExperiments(): Promise<readonly Experiment[]> {
  const read = readDefinitions(await readFile(DEMO, "utf8"), { fileName: DEMO });
  if (!read.ok) throw new Error("The demo does not read.");
  return configurationOf(read.definitions).experiments;
}
