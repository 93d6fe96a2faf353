import { createReadStream } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { z } from "zod";
import { fileError } from "../sources/read-definitions-file.ts";
import { lastLine } from "./last-line.ts";

/** Where a run begins or goes on. */
export interface StartingPoint {
  /** Last line of the input that is decided; 0 for none. */
  readonly line: number;
  /** Its subject. */
  readonly subjectId: string;
  /** Lines up to there that were not usable. */
  readonly faulty: number;
}

/** The start of the input. */
export const BEGINNING: StartingPoint = { line: 0, subjectId: "", faulty: 0 };

const complaintSchema = z.object({ line: z.int().positive() });
const resultSchema = z.object({ line: z.int().positive(), subject_id: z.string() });

/**
 * Finds the place after the last complete line of a result. A process that was killed may have left half a line: it is
 * cut off. So are complaints about lines that will be read again.
 *
 * @returns `undefined` when the last line is damaged
 */
export async function cutToLastResult(resultPath: string, complaintsPath: string): Promise<StartingPoint | undefined> {
  const last = await withFile(resultPath, async (file) => {
    const { text, end } = await lastLine(file);
    await file.truncate(end);
    return text;
  });
  const result = last === null ? { line: 0, subject_id: "" } : resultSchema.safeParse(jsonOf(last)).data;
  if (result === undefined) return undefined;
  const { line, subject_id: subjectId } = result;
  if ((await stat(complaintsPath).catch(() => undefined)) === undefined) return { line, subjectId, faulty: 0 };
  await withFile(complaintsPath, (file) => cutComplaints(file, line));
  return { line, subjectId, faulty: await countLines(complaintsPath) };
}

/** Complaints are in the order of the lines, so those after `line` are at the end. */
async function cutComplaints(file: FileHandle, line: number): Promise<void> {
  for (;;) {
    const { text, start, end } = await lastLine(file);
    const complaint = text === null ? undefined : complaintSchema.safeParse(jsonOf(text)).data;
    if (text === null || (complaint !== undefined && complaint.line <= line)) return file.truncate(end);
    await file.truncate(start);
  }
}

async function countLines(path: string): Promise<number> {
  let count = 0;
  for await (const piece of createReadStream(path, "latin1")) count += String(piece).split("\n").length - 1;
  return count;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function withFile<T>(path: string, work: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, "r+").catch((error: unknown) => {
    throw fileError(path, error);
  });
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}
