import { readFileSync } from "node:fs";

/** Steps in which Linux counts processor time, per second, whatever its own clock does. */
const TICKS_PER_SECOND = 100;

/** Seconds of processor time that a process has used so far; NaN where there is no `/proc`. */
export function cpuSecondsOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name in the second field may hold anything but its closing parenthesis; user and system time are fields 14 and 15.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  } catch {
    return Number.NaN;
  }
}
