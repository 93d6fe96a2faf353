import { randomUUID } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { LottyError, type Logger } from "@lotty/domain";
import { SpoolFile } from "./spool-file.ts";
import { toSpoolError } from "./spool-error.ts";
import type { FollowUp, SpoolFormat } from "./spool-format.ts";

const EXTENSION = ".sqlite";

/** More rounds than this need another process that takes over every new file at once. */
const MAX_ROUNDS = 10;

/**
 * Makes a directory that only this user may enter, and forces its name to the disk: a file is as safe as the way to it.
 *
 * @throws the system's error
 */
export function makeDirectory(directory: string): void {
  const first = mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let path = directory; path !== dirname(first); path = dirname(path)) forceToDisk(dirname(path));
}

/**
 * Makes a file of its own for this process.
 *
 * @throws the system's or SQLite's error
 */
export function createFile<Item, Follows extends FollowUp<Item>>(
  directory: string,
  format: SpoolFormat<Item, Follows>,
): SpoolFile<Item, Follows> {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const file = SpoolFile.create(join(directory, nextName()), format);
    if (file !== undefined) return file;
  }
  throw new LottyError("decision_store_unavailable", `No file can be claimed in ${directory}`);
}

/** Which files are looked for. */
export interface TakeOver<Item, Follows extends FollowUp<Item>> {
  readonly directory: string;
  readonly format: SpoolFormat<Item, Follows>;
  /** Paths that this process holds already. */
  readonly held: ReadonlySet<string>;
  readonly logger: Logger;
}

/**
 * Claims the files of a directory that no process holds. Empty ones are removed; what cannot be read is left and logged.
 *
 * @throws the system's error when the directory cannot be read
 */
export function takeOverFiles<Item, Follows extends FollowUp<Item>>({
  directory,
  format,
  held,
  logger,
}: TakeOver<Item, Follows>): readonly SpoolFile<Item, Follows>[] {
  const files: SpoolFile<Item, Follows>[] = [];
  for (const path of pathsIn(directory)) {
    if (held.has(path)) continue;
    try {
      const file = SpoolFile.takeOver(path, format);
      if (file === undefined) continue;
      if (file.rows === 0) file.discard();
      else files.push(file);
    } catch (error) {
      logger.error("spool_file_unreadable", { path, error: toSpoolError(error) });
    }
  }
  return files;
}

let filesMade = 0;

/** A name that nobody else makes, and that sorts behind those of earlier files: they are drained in this order. */
function nextName(): string {
  filesMade += 1;
  const moment = String(Date.now()).padStart(15, "0");
  return `${moment}-${String(filesMade).padStart(6, "0")}-${randomUUID()}${EXTENSION}`;
}

/** The oldest first. */
function pathsIn(directory: string): readonly string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith(EXTENSION))
    .toSorted()
    .map((name) => join(directory, name));
}

function forceToDisk(directory: string): void {
  let handle: number | undefined;
  try {
    handle = openSync(directory, "r");
    fsyncSync(handle);
  } catch {
    // Some systems cannot open a directory; those that can also need not be asked.
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}
