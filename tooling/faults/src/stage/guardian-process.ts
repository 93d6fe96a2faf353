/**
 * Outlives the runner by a moment. Reads lines of JSON: processes and folders that exist, and those that are gone. When its
 * input closes, which also happens when the runner is killed, it ends and removes what is left.
 */
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { createInterface } from "node:readline";
import type { GuardianMessage } from "./guardian-message.ts";

const UNDONE_WITHIN_MILLIS = 10_000;

const processes = new Map<number, NodeJS.Signals>();
const folders = new Set<string>();
const undoings = new Set<string>();
let deadline: NodeJS.Timeout | undefined;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line) as GuardianMessage;
  if ("started" in message) processes.set(message.started, message.signal);
  else if ("ended" in message) processes.delete(message.ended);
  else if ("folder" in message) folders.add(message.folder);
  else if ("undo" in message) undoings.add(JSON.stringify(message.undo));
  else if ("undone" in message) undoings.delete(JSON.stringify(message.undone));
  else {
    clearTimeout(deadline);
    const { runner, withinMillis } = message;
    deadline = setTimeout(() => end(runner, "SIGKILL"), withinMillis).unref();
  }
}

for (const [pid, signal] of processes) end(pid, signal);
for (const undoing of undoings) {
  const [command = "true", ...args] = JSON.parse(undoing) as string[];
  spawnSync(command, args, { timeout: UNDONE_WITHIN_MILLIS });
}
for (const folder of folders) {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    process.stderr.write(`${folder} is left behind: ${String(error)}\n`);
  }
}

function end(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone already.
  }
}
