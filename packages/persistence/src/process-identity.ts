import { readFile } from "node:fs/promises";

/** A process as it can be recognised later, although numbers of processes are used again. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When the process was started, in a form that only this machine understands; absent where that cannot be told. */
  readonly startedAt?: string;
}

/** The identity of this process. */
export async function thisProcess(): Promise<ProcessIdentity> {
  return identity(process.pid, await processStart(process.pid));
}

/** Whether the very process is still running. Where its start cannot be told, any process of that number counts. */
export async function isRunning({ pid, startedAt }: ProcessIdentity): Promise<boolean> {
  if (!exists(pid)) return false;
  const actual = await processStart(pid);
  return startedAt === undefined || actual === undefined || actual === startedAt;
}

function identity(pid: number, startedAt: string | undefined): ProcessIdentity {
  return startedAt === undefined ? { pid } : { pid, startedAt };
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, but belongs to somebody else.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Place of the start time (in ticks since the boot) among the fields behind the name of the command in proc(5) `stat`. */
const START_FIELD = 19;

async function processStart(pid: number): Promise<string | undefined> {
  try {
    const [stat, boot] = await Promise.all([
      readFile(`/proc/${pid}/stat`, "utf8"),
      readFile("/proc/sys/kernel/random/boot_id", "utf8"),
    ]);
    // The name of the command stands in parentheses and may itself contain them and spaces.
    const ticks = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[START_FIELD];
    return ticks === undefined ? undefined : `${boot.trim()}:${ticks}`;
  } catch {
    return undefined;
  }
}
