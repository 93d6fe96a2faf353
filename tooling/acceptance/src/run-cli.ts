import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const repository: string = fileURLToPath(new URL("../../../", import.meta.url));

/** What a run of the command cost. */
export interface Run {
  readonly seconds: number;
  /** Highest resident memory seen, in megabytes. */
  readonly peakMegabytes: number;
}

/**
 * Runs the built `lotty` command and watches its memory.
 *
 * @throws Error when it does not end with 0
 */
export async function runLotty(args: readonly string[]): Promise<Run> {
  const started = performance.now();
  const child = spawn(process.execPath, ["apps/cli/dist/main.js", ...args], {
    cwd: repository,
    stdio: ["ignore", "ignore", "inherit"],
  });
  let peakKilobytes = 0;
  const watch = setInterval(() => {
    peakKilobytes = Math.max(peakKilobytes, residentKilobytes(child.pid));
  }, 100);
  const [code] = (await once(child, "exit")) as [number | null];
  clearInterval(watch);
  if (code !== 0) throw new Error(`lotty ${args.join(" ")} ended with ${code}.`);
  return { seconds: (performance.now() - started) / 1_000, peakMegabytes: peakKilobytes / 1_024 };
}

/** Resident memory as Linux shows it; 0 elsewhere and after the end. */
function residentKilobytes(pid: number | undefined): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
