import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { addAbortSignal, type Readable } from "node:stream";
import type { DecisionSource } from "../sources/decision-source.ts";
import { fileError } from "../sources/read-definitions-file.ts";
import { say, type Terminal } from "../terminal/terminal.ts";
import { Progress } from "./progress.ts";
import { fileSink, streamSink } from "./result-sink.ts";
import { beginRun, findStart, runFiles, type RunTerms } from "./run-files.ts";
import { BEGINNING, type StartingPoint } from "./starting-point.ts";
import { SubjectsWork } from "./subjects-work.ts";

/** What is to be decided for every subject of a file. */
export interface SubjectsRun {
  readonly flags: readonly string[];
  /** Path of the input; `-` for the standard input. */
  readonly input: string;
  /** Path of the result; `undefined` for the standard output. */
  readonly out: string | undefined;
  readonly record: boolean;
  /** Begin anew, whatever is there. */
  readonly restart: boolean;
}

/** How a run ended. */
export interface SubjectsSummary {
  /** `false` when it was stopped. */
  readonly complete: boolean;
  /** Subjects decided in this run. */
  readonly decided: number;
  /** Lines that were no subjects or could not be decided, those of earlier runs included. */
  readonly faulty: number;
  /** Line of the input after which this run went on; 0 when it began at the start. */
  readonly resumedAfter: number;
}

/**
 * Decides flags for every subject of a file, in the order of the file, with bounded memory. With an `out` file the run
 * can be stopped at any moment and goes on where it was when it is started again with the same files.
 *
 * @throws LottyError `not_found` (files), `invalid_request` (the files belong to another run), or as deciding does
 */
export async function decideSubjects(
  terminal: Terminal,
  source: DecisionSource,
  run: SubjectsRun,
): Promise<SubjectsSummary> {
  const { flags, input, out, record } = run;
  const inputName = input === "-" ? "standard input" : input;
  const progress = new Progress(terminal, input === "-" ? undefined : await sizeOf(input));
  const terms = { flags, record, configuration: source.fingerprint };
  const start = out === undefined ? BEGINNING : await startIn(out, terms, run.restart);
  if (start.line > 0) await say(terminal, `Going on after line ${start.line} of ${inputName}.`);
  const sink = out === undefined ? streamSink(terminal, inputName) : await fileSink(runFiles(out));
  const work = new SubjectsWork({ source, flags, record, sink, start, progress, stop: terminal.stop });
  let complete = false;
  try {
    complete = await work.do(openInput(terminal, input));
  } finally {
    progress.clear();
    await sink.close(complete);
  }
  const summary = { complete, decided: progress.lines, faulty: work.faulty, resumedAfter: start.line };
  await progress.finish(describeEnd(summary, out));
  return summary;
}

async function startIn(out: string, terms: RunTerms, restart: boolean): Promise<StartingPoint> {
  const files = runFiles(out);
  const found = restart ? undefined : await findStart(files, terms);
  if (found === undefined) await beginRun(files, terms);
  return found ?? BEGINNING;
}

function openInput(terminal: Terminal, input: string): Readable {
  const stream = input === "-" ? terminal.input.stream : createReadStream(input, { highWaterMark: 262_144 });
  return addAbortSignal(terminal.stop, stream);
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    throw fileError(path, error);
  }
}

function describeEnd({ complete, decided, faulty }: SubjectsSummary, out: string | undefined): string {
  const subjects = `${decided.toLocaleString("en")} ${decided === 1 ? "subject" : "subjects"} decided`;
  const faults = faulty === 0 ? "" : `, ${faulty.toLocaleString("en")} ${faulty === 1 ? "line" : "lines"} not usable`;
  if (!complete)
    return `Stopped: ${subjects}${faults}.${out === undefined ? "" : " The same command goes on from here."}`;
  const places = out === undefined ? "" : ` -> ${out}${faulty === 0 ? "" : ` and ${runFiles(out).errors}`}`;
  return `Done: ${subjects}${faults}${places}`;
}
