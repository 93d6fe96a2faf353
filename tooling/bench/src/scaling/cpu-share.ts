import { existsSync, mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A limit that is in force. */
export interface CpuLimit {
  lift(): void;
}

/** Short, so that a process whose share is used up is not away for long. */
const PERIOD_MICROS = 20_000;

/** Where Linux keeps control groups of processors: version 1 if it is there, else version 2. */
const ROOTS = ["/sys/fs/cgroup/cpu", "/sys/fs/cgroup"];

/**
 * Gives each of some processes a share of one processor: so a machine of few processors shows what another process adds.
 *
 * @param share of one processor, above 0
 * @throws Error where we may not: it takes Linux and root
 */
export function limitCpu(pids: readonly number[], share: number): CpuLimit {
  const root = ROOTS.find((path) => existsSync(path));
  if (root === undefined) throw new Error("There are no control groups.");
  const groups = new Map<number, string>();
  const lift = (): void => {
    for (const [pid, group] of groups) {
      writeFileSync(join(root, "cgroup.procs"), String(pid));
      rmdirSync(group);
    }
  };
  try {
    for (const pid of pids) {
      const group = join(root, `lotty-bench-${pid}`);
      mkdirSync(group);
      groups.set(pid, group);
      limitGroup(group, Math.round(share * PERIOD_MICROS));
      writeFileSync(join(group, "cgroup.procs"), String(pid));
    }
  } catch (error) {
    lift();
    throw error;
  }
  return { lift };
}

/** Whether {@link limitCpu} works here. */
export function canLimitCpu(): boolean {
  try {
    limitCpu([process.pid], 1).lift();
    return true;
  } catch {
    return false;
  }
}

function limitGroup(group: string, quota: number): void {
  if (existsSync(join(group, "cpu.max"))) {
    writeFileSync(join(group, "cpu.max"), `${quota} ${PERIOD_MICROS}`);
    return;
  }
  writeFileSync(join(group, "cpu.cfs_period_us"), String(PERIOD_MICROS));
  writeFileSync(join(group, "cpu.cfs_quota_us"), String(quota));
}
