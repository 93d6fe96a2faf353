import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { runModel, type ModelOptions, type ModelResult } from "./play/run-model.ts";
import { PROMISED_MILLIS } from "./world/configuration-history.ts";
import { figureLines, figuresOf, report, type Figure } from "./report.ts";

const USAGE = `Usage: pnpm model [options]

  --seconds N      how long to ask, 60 by default
  --seed N         repeat the questions, changes and faults of a run; without it a new seed is taken and printed
  --rate N         turns a second, 100 by default
  --visible MS     how soon a change must be visible, 1000 by default; more where other work starves the processes
  --built          run apps/*/dist instead of the sources
  --json FILE      write the results there, too
`;

/** Longer runs have several stages, with a seed, settings and servers each, so that all of them get their share. */
const STAGE_SECONDS = 300;

const { values } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== "--"),
  options: {
    seconds: { type: "string", default: "60" },
    seed: { type: "string" },
    rate: { type: "string", default: "100" },
    visible: { type: "string", default: String(PROMISED_MILLIS) },
    built: { type: "boolean", default: false },
    json: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  // Once: whoever asks twice does not want to wait; the guardian clears up.
  process.once(signal, () => interruption.abort(new Error(`interrupted by ${signal}`)));
}

if (values.help) say(USAGE);
else process.exitCode = await main();

async function main(): Promise<number> {
  const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
  const seconds = Number(values.seconds);
  const perSecond = Number(values.rate);
  const visibleMillis = Number(values.visible);
  if (
    ![seed, seconds, perSecond, visibleMillis].every(Number.isFinite) ||
    Math.min(seconds, perSecond, visibleMillis) <= 0
  ) {
    process.stderr.write(USAGE);
    return 2;
  }
  const figures: Figure[] = [];
  const stages: object[] = [];
  for (let played = 0; played * STAGE_SECONDS < seconds && !interruption.signal.aborted; played += 1) {
    const stage = {
      seed: seed + played,
      seconds: Math.min(STAGE_SECONDS, seconds - played * STAGE_SECONDS),
      perSecond,
      visibleMillis,
    };
    const { figures: found, result } = await playStage(stage);
    figures.push(...found);
    const { logs: _, ...rest } = result;
    stages.push({ ...stage, ...rest, figures: found });
  }
  if (values.json !== undefined) {
    writeFileSync(
      values.json,
      `${JSON.stringify({ date: new Date().toISOString(), seed, seconds, stages }, null, 2)}\n`,
    );
  }
  if (interruption.signal.aborted) say(String(interruption.signal.reason));
  const failed = figures.filter(({ holds }) => !holds).length;
  say(`\n${String(figures.length - failed)} passed, ${String(failed)} failed`);
  return failed === 0 && !interruption.signal.aborted ? 0 : 1;
}

async function playStage(
  stage: Pick<ModelOptions, "seed" | "seconds" | "perSecond" | "visibleMillis">,
): Promise<{ readonly figures: readonly Figure[]; readonly result: ModelResult }> {
  const again = `pnpm model --seed ${String(stage.seed)} --seconds ${String(stage.seconds)} --rate ${String(stage.perSecond)}`;
  say(`${new Date().toISOString()} ${again}${values.built ? " --built" : ""}`);
  const result = await runModel({ ...stage, built: values.built, signal: interruption.signal, say });
  const figures = figuresOf(result);
  if (figures.some(({ holds }) => !holds)) {
    for (const [name, log] of Object.entries(result.logs)) say(`--- the log of ${name} ends with\n${log.trimEnd()}`);
  }
  for (const line of [...report(result), ...figureLines(figures), ""]) say(line);
  return { figures, result };
}
