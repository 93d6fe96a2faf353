import { spawnSync } from "node:child_process";

const TIMEOUT_MILLIS = 10_000;

/** Runs a command that takes something back. What was not there any more is no failure. */
export function takeBack([command = "true", ...args]: readonly string[]): void {
  spawnSync(command, args, { stdio: "ignore", timeout: TIMEOUT_MILLIS });
}
