import { randomUUID } from "node:crypto";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LottyError } from "@lotty/domain";
import { isRunning, thisProcess, type ProcessIdentity } from "./process-identity.ts";

/** The right to work on a directory. */
export interface DirectoryLock {
  /** Gives the right up. Calling it twice does no harm. */
  release(): Promise<void>;
}

/** Name of the file that names the process at work. */
export const LOCK_FILE = "lotty.lock";

/** More rounds than this need rivals that come and go all the time. */
const MAX_ROUNDS = 10;

/**
 * Takes the right to work on a directory, by a file that names this process. The file of a process that is gone is taken
 * over, also when another process has its number by now.
 *
 * @throws LottyError `data_directory_in_use` with `pid` and `path`
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const path = join(directory, LOCK_FILE);
  const own = JSON.stringify(await thisProcess());
  // Linking a finished file is one step: nobody ever reads half a lock.
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, own, { flag: "wx" });
  try {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      if (await linked(draft, path)) return { release: () => release(path, own) };
      await clearStale(path);
    }
    throw inUse(path, undefined);
  } finally {
    await rm(draft, { force: true });
  }
}

async function linked(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}

/** Removes the lock of a process that is gone, or refuses. */
async function clearStale(path: string): Promise<void> {
  const found = await textOf(path);
  if (found === undefined) return;
  const holder = parse(found);
  if (holder !== undefined && (await isRunning(holder))) throw inUse(path, holder.pid);
  // A rival may have done the same in the meantime and hold the lock now: put back what is not the file we looked at.
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return;
    throw error;
  }
  if ((await textOf(aside)) !== found) await linked(aside, path);
  await rm(aside, { force: true });
}

async function release(path: string, own: string): Promise<void> {
  if ((await textOf(path)) === own) await rm(path, { force: true });
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** What is not a lock of ours (a disk that was full, a hand that edited) counts as left behind. */
function parse(text: string): ProcessIdentity | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || !("pid" in value) || typeof value.pid !== "number")
      return undefined;
    const startedAt = "startedAt" in value && typeof value.startedAt === "string" ? value.startedAt : undefined;
    return startedAt === undefined ? { pid: value.pid } : { pid: value.pid, startedAt };
  } catch {
    return undefined;
  }
}

function inUse(path: string, pid: number | undefined): LottyError {
  const who = pid === undefined ? "Another process" : `Process ${pid}`;
  return new LottyError("data_directory_in_use", `${who} works on this data directory (${path})`, {
    details: pid === undefined ? { path } : { pid, path },
  });
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
