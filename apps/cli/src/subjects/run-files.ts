import { readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { LottyError } from "@lotty/domain";
import { z } from "zod";
import { fileError } from "../sources/read-definitions-file.ts";
import { cutToLastResult, type StartingPoint } from "./starting-point.ts";

/** The files of a run. The result appears under its own name when it is complete, in one step. */
export interface RunFiles {
  /** The complete result. */
  readonly out: string;
  /** The result as far as it has come. */
  readonly part: string;
  /** Lines that could not be decided, with line numbers. */
  readonly errors: string;
  /** What the run was begun with. */
  readonly run: string;
}

/** Names the files of a run. */
export function runFiles(out: string): RunFiles {
  return { out, part: `${out}.part`, errors: `${out}.errors.ndjson`, run: `${out}.run.json` };
}

/** What the lines of a result depend on besides the subjects. A run goes on only with the same. */
export interface RunTerms {
  readonly flags: readonly string[];
  readonly record: boolean;
  /** The configuration; `null` when the source cannot tell. */
  readonly configuration: string | null;
}

const termsSchema = z.object({
  flags: z.array(z.string()),
  record: z.boolean(),
  configuration: z.string().nullable(),
});

/** Begins a new run: whatever an earlier one left is gone. */
export async function beginRun(files: RunFiles, terms: RunTerms): Promise<void> {
  try {
    await Promise.all([files.out, files.part, files.errors].map((path) => rm(path, { force: true })));
    const draft = `${files.run}.tmp`;
    await writeFile(draft, `${JSON.stringify(terms)}\n`);
    await rename(draft, files.run);
  } catch (error) {
    throw fileError(files.out, error);
  }
}

/**
 * Finds out whether a run can go on, and where; `undefined` when there is none to go on with.
 *
 * @throws LottyError `invalid_request` when what is there belongs to another run or is complete
 */
export async function findStart(files: RunFiles, terms: RunTerms): Promise<StartingPoint | undefined> {
  if (await exists(files.out)) throw refusal(`${files.out} is there already and complete`);
  if (!(await exists(files.part))) return undefined;
  const begun = termsSchema.safeParse(await readJson(files.run)).data;
  if (begun === undefined) throw refusal(`${files.part} is there already, and what it was begun with is not known`);
  const differences = differingTerms(begun, terms);
  if (differences.length > 0) throw refusal(`${files.part} was begun with other ${differences.join(" and ")}`);
  const start = await cutToLastResult(files.part, files.errors);
  if (start === undefined) throw refusal(`the last line of ${files.part} is damaged`);
  return start;
}

/** The result is complete: it gets its name, which is the mark of a complete run. */
export async function completeRun(files: RunFiles): Promise<void> {
  await rename(files.part, files.out);
  await rm(files.run, { force: true });
}

function differingTerms(begun: RunTerms, now: RunTerms): readonly string[] {
  return [
    ...(JSON.stringify(begun.flags) === JSON.stringify(now.flags) ? [] : ["flags"]),
    ...(begun.record === now.record ? [] : ["recording"]),
    ...(begun.configuration === now.configuration ? [] : ["definitions of flags and experiments"]),
  ];
}

function refusal(message: string): LottyError {
  return new LottyError("invalid_request", message, {
    details: { advice: "Use --restart to begin anew (what is there is lost), or another --out." },
  });
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch {
    return undefined;
  }
}
