import { readFileSync } from "node:fs";

/** The most bytes of memory that a process has had resident so far; NaN where there is no `/proc`. */
export function peakMemoryOf(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1]) * 1024;
  } catch {
    return Number.NaN;
  }
}
