import { createHash, randomUUID } from "node:crypto";
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
  // The token makes every lock a different text, so that a text that is gone never comes back.
  const own = JSON.stringify({ ...(await thisProcess()), token: randomUUID() });
  try {
    await take(path, own);
  } catch (error) {
    throw error instanceof Held ? inUse(path, error.pid) : error;
  }
  return { release: () => release(path, own) };
}

/** Somebody who is running holds a lock. */
class Held extends Error {
  readonly pid: number | undefined;

  constructor(pid: number | undefined) {
    super("held");
    this.pid = pid;
  }
}

/** Makes a lock of a path, or throws {@link Held}. */
async function take(path: string, own: string): Promise<void> {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    if (await placed(path, own, link)) return;
    const found = await textOf(path);
    if (found === undefined) continue;
    const holder = parse(found);
    if (holder !== undefined && (await isRunning(holder))) throw new Held(holder.pid);
    if (await replaced(path, { found, own })) return;
  }
  throw new Held(undefined);
}

/**
 * Takes a lock over from a process that is gone. Several may want to: only who holds a lock on this very text may replace
 * it. Without that, whoever looked before somebody else took it over would remove the lock of the living.
 */
async function replaced(path: string, { found, own }: { found: string; own: string }): Promise<boolean> {
  const right = `${path}.${createHash("sha256").update(found).digest("hex").slice(0, 16)}`;
  await take(right, own);
  try {
    return (await textOf(path)) === found && (await placed(path, own, rename));
  } finally {
    await release(right, own);
  }
}

/** Puts a finished file in its place in one step, so that nobody ever reads half a lock; whether the place was free. */
async function placed(path: string, own: string, put: typeof link | typeof rename): Promise<boolean> {
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, own, { flag: "wx" });
  try {
    await put(draft, path);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
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
