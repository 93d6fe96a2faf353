import { parseArgs } from "node:util";
import { FAULTS } from "./fault-list.ts";
import type { Fault } from "./fault.ts";
import { playAll } from "./play-all.ts";
import { countFigures } from "./report/fault-report.ts";
import { writeSection } from "./report/measured-section.ts";
import { mergeRuns, readRun, writeRun, type RunReport } from "./report/run-report.ts";
import { verdictTable } from "./report/table.ts";

const USAGE = `Usage: pnpm faults [NAME ...] [options]

  --list           say what there is, and end
  --quick          the quick selection, in short form (with names: those, in short form)
  --seed N         repeat a run; without it a new seed is taken and printed
  --decisions N    decisions of the run in which nothing breaks; 100000 by default
  --built          run apps/*/dist instead of the sources
  --json FILE      keep the results there, too
  --markdown FILE  write the results into the marked section of a document
  --from FILE      play nothing, take results that were kept (may be given several times; the last of each fault counts)
`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  args: process.argv.slice(2).filter((argument) => argument !== "--"),
  options: {
    list: { type: "boolean", default: false },
    quick: { type: "boolean", default: false },
    seed: { type: "string" },
    decisions: { type: "string" },
    built: { type: "boolean", default: false },
    json: { type: "string" },
    markdown: { type: "string" },
    from: { type: "string", multiple: true },
    help: { type: "boolean", default: false },
  },
});

const QUICK_DECISIONS = 2_000;
const FULL_DECISIONS = 100_000;

const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  // Once: whoever asks twice does not want to wait; the guardian clears up.
  process.once(signal, () => interruption.abort(new Error(`interrupted by ${signal}`)));
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const unknown = positionals.filter((name) => !FAULTS.some((fault) => fault.name === name));

// Nothing that a broken fault left in this process, a socket or a timer, may keep it.
process.exit(await run());

async function run(): Promise<number> {
  if (values.help) {
    say(USAGE);
    return 0;
  }
  if (values.list) {
    list();
    return 0;
  }
  if (unknown.length > 0) {
    process.stderr.write(
      `There is no fault ${unknown.join(", ")}. There are: ${FAULTS.map(({ name }) => name).join(", ")}.\n`,
    );
    return 2;
  }
  return conclude(values.from === undefined ? await playChosen() : mergeRuns(values.from.map(readRun)));
}

function list(): void {
  for (const { name, quick, row, title } of FAULTS) {
    say(`${String(row).padStart(2)} ${name.padEnd(22)} ${quick === true ? "quick" : "     "} ${title}`);
  }
}

function playChosen(): Promise<RunReport> {
  return playAll(chosen(), {
    seed: Number(values.seed ?? Math.floor(Math.random() * 1_000_000)),
    quick: values.quick,
    built: values.built,
    decisions: Number(values.decisions ?? (values.quick ? QUICK_DECISIONS : FULL_DECISIONS)),
    signal: interruption.signal,
    say,
    keep: (sofar) => {
      if (values.json !== undefined) writeRun(values.json, sofar);
    },
  });
}

function chosen(): readonly Fault[] {
  if (positionals.length > 0) return FAULTS.filter(({ name }) => positionals.includes(name));
  return values.quick ? FAULTS.filter(({ quick }) => quick === true) : FAULTS;
}

/** Shows a run and keeps it where it was asked to be. Gives the exit code. */
function conclude(report: RunReport): number {
  if (report.results.length > 0) say(`\n${verdictTable(report.results)}`);
  if (values.json !== undefined) writeRun(values.json, report);
  if (values.markdown !== undefined && !interruption.signal.aborted) writeSection(values.markdown, report);
  if (interruption.signal.aborted) say(`\n${String(interruption.signal.reason)}`);
  const { passed, failed } = countFigures(report.results);
  say(`\n${String(passed)} passed, ${String(failed)} failed`);
  return failed === 0 && !interruption.signal.aborted ? 0 : 1;
}
