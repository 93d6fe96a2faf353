import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** What a snapshot costs. */
export interface SnapshotCost {
  readonly compileMillis: number;
  /** The same again, with the first as the previous one. */
  readonly again: number;
  readonly heapBytes: number;
  readonly rssBytes: number;
}

/** Compiles a snapshot in a process of its own and compares its memory with what it was before, after collecting garbage. */
export async function measureSnapshotMemory(flags: number, experiments: number): Promise<SnapshotCost> {
  const program = fileURLToPath(new URL("snapshot-process.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--expose-gc",
    program,
    String(flags),
    String(experiments),
  ]);
  return JSON.parse(stdout) as SnapshotCost;
}
