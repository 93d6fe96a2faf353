import { readFileSync } from "node:fs";

/** Steps in which Linux counts processor time, per second, whatever its own clock does. */
const TICKS_PER_SECOND = 100;

/**
 * Seconds of processor time that a process and its children have used so far, those that have ended included: a Postgres has a
 * process for each connection. NaN where there is no `/proc`.
 */
export function treeCpuSeconds(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // Behind the name, which may hold anything but its closing parenthesis: user and system time, then those of ended children.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const own = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) / TICKS_PER_SECOND;
    return childrenOf(pid).reduce((sum, child) => sum + (treeCpuSeconds(child) || 0), own);
  } catch {
    return Number.NaN;
  }
}

function childrenOf(pid: number): readonly number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1").trim();
  return text === "" ? [] : text.split(" ").map(Number);
}
