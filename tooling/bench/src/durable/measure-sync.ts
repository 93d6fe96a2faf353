import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { percentile } from "../rounds.ts";

const SYNCS = 200;
const BLOCK_BYTES = 8_192;

/** Milliseconds that the disk of temporary files takes to force a small write: what every commit pays at least. */
export function measureSync(): number {
  const folder = mkdtempSync(join(tmpdir(), "lotty-bench-sync-"));
  const file = openSync(join(folder, "file"), "w");
  try {
    const block = Buffer.alloc(BLOCK_BYTES, 1);
    const times = Array.from({ length: SYNCS }, () => {
      const start = performance.now();
      writeSync(file, block);
      fdatasyncSync(file);
      return performance.now() - start;
    });
    return percentile(times, 0.5);
  } finally {
    closeSync(file);
    rmSync(folder, { recursive: true });
  }
}
