import { spawn } from "node:child_process";

/** Waits for the end of its input, which comes when we stop or die, then ends the process it was given. */
const GUARD = 'read -r ignored; kill -9 "$1"';

/**
 * Sees to it that a process ends when this one does, also when this one is killed.
 *
 * @returns lets the process be: to be called when it has ended
 */
export function endWithUs(pid: number): () => void {
  const guard = spawn("sh", ["-c", GUARD, "sh", String(pid)], { stdio: ["pipe", "ignore", "ignore"], detached: true });
  // The process may have ended by itself; then there is nobody left to tell.
  guard.on("error", () => undefined);
  guard.unref();
  return () => guard.kill("SIGKILL");
}
