import { chownSync, mkdtempSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ChildUser } from "./run-as.ts";

/** Room that memory must have before a server's files go there. */
const MEMORY_BYTES_WANTED = 2 * 1024 ** 3;

/** Where a server keeps its data. `memory` means: where there is room. */
export type DataPlace = "memory" | "disk";

/**
 * Makes a directory for a server's data, in memory where there is room: there fsync keeps its meaning for a killed
 * process and costs nothing.
 *
 * @param owner user the server runs as, when that is not us
 * @param place `disk` for who measures what fsync costs
 */
export function dataDirectory(server: string, owner?: ChildUser, place: DataPlace = "memory"): string {
  const parent = place === "disk" ? tmpdir() : (inMemory() ?? tmpdir());
  return directoryIn(parent, `${server}-data`, owner);
}

/** Makes a directory for a server's programs: never in memory, from where some systems let nothing be executed. */
export function programDirectory(server: string, owner?: ChildUser): string {
  return directoryIn(tmpdir(), `${server}-programs`, owner);
}

function directoryIn(parent: string, name: string, owner: ChildUser | undefined): string {
  const directory = mkdtempSync(join(parent, `lotty-test-${name}-`));
  if (owner !== undefined) chownSync(directory, owner.uid, owner.gid);
  return directory;
}

function inMemory(): string | undefined {
  try {
    const { bavail, bsize } = statfsSync("/dev/shm");
    return bavail * bsize >= MEMORY_BYTES_WANTED ? "/dev/shm" : undefined;
  } catch {
    return undefined;
  }
}
