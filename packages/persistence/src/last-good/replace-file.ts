import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";

/** Items that are turned into text before other work gets its turn: well below a millisecond. */
const ITEMS_PER_TURN = 100;

/**
 * Puts a file with these lines in the place of another, or where there was none; there is always the old or the new one, whole and on
 * the disk. Makes the directory if need be.
 */
export async function replaceFile(path: string, lines: Iterable<string>): Promise<void> {
  const directory = dirname(path);
  await mkdir(directory, { recursive: true });
  const draft = `${path}.${randomUUID()}.tmp`;
  try {
    // Rules and values of flags are nobody else's business.
    const file = await open(draft, "wx", 0o600);
    try {
      for (const chunk of chunksOf(lines)) {
        await file.appendFile(chunk);
        await nextTurn();
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  await syncDirectory(directory);
}

/** The text of a file; `undefined` when there is none. */
export function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch(nothingIfMissing);
}

function* chunksOf(lines: Iterable<string>): Generator<string, void, undefined> {
  let chunk: string[] = [];
  for (const line of lines) {
    chunk.push(line);
    if (chunk.length < ITEMS_PER_TURN) continue;
    yield chunk.join("");
    chunk = [];
  }
  yield chunk.join("");
}

/** Makes a rename last through a loss of power; systems that cannot open directories do without. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r").catch(() => undefined);
  if (directory === undefined) return;
  try {
    await directory.sync();
  } catch {
    return;
  } finally {
    await directory.close();
  }
}

function nothingIfMissing(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}
