/** What is needed of the operating system to watch a process. */
export interface ProcessTable {
  /** The parent of this process now: another one once the original is gone. */
  readonly parentPid: number;
  exists(pid: number): boolean;
}

/** How often the parent is looked for. */
const INTERVAL_MS = 1_000;

/** Calls `onGone` once when a process is gone, at most about a second late. Returns a function that stops watching. */
export function watchParent(pid: number, onGone: () => void, table: ProcessTable = systemTable): () => void {
  // A child learns of its parent's end at once by getting another parent, even before the dead one is reaped.
  const isChild = table.parentPid === pid;
  const timer = setInterval(() => {
    const gone = isChild ? table.parentPid !== pid : !table.exists(pid);
    if (!gone) return;
    clearInterval(timer);
    onGone();
  }, INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

const systemTable: ProcessTable = {
  get parentPid() {
    return process.ppid;
  },
  exists(pid) {
    try {
      return process.kill(pid, 0);
    } catch (error) {
      // Somebody else's process: it is there.
      return error instanceof Error && "code" in error && error.code === "EPERM";
    }
  },
};
