import { spawn } from "node:child_process";
import { constants } from "node:os";

const FORWARDED = ["SIGINT", "SIGTERM", "SIGHUP"];
const PARENT_CHECK_MILLIS = 500;
/** On Ctrl-C the terminal signals us and npm, and npm passes it on to us: within this time it is the same signal. */
const SAME_SIGNAL_MILLIS = 1_000;

/**
 * Runs a command as a child in a process group of its own and waits for its end. Signals that reach us go to the whole
 * group, once: a Ctrl-C in the terminal does not reach the group directly. A later second signal, or a child that does not end
 * within `graceMillis`, kills the group. The disappearance of our own parent counts as a SIGTERM, because npm passes
 * no signals on when it is ended itself.
 *
 * @returns `{ code, signal, told, output }`: `told` whether it was signalled, `output` what it wrote to pipes
 */
export function runChild(command, args, { env, cwd, stdio, graceMillis = 5_000 }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio, detached: process.platform !== "win32" });
    const output = [];
    child.stdout?.on("data", (chunk) => output.push(chunk));
    child.stderr?.on("data", (chunk) => output.push(chunk));

    let toldAt;
    let deadline;
    const onSignal = (signal) => {
      if (toldAt === undefined) {
        toldAt = performance.now();
        signalGroup(child, signal);
        deadline = setTimeout(() => signalGroup(child, "SIGKILL"), graceMillis);
      } else if (performance.now() - toldAt > SAME_SIGNAL_MILLIS) {
        signalGroup(child, "SIGKILL");
      }
    };
    const parent = process.ppid;
    const parentCheck = setInterval(() => {
      if (process.ppid !== parent && toldAt === undefined) onSignal("SIGTERM");
    }, PARENT_CHECK_MILLIS);
    const release = () => {
      clearTimeout(deadline);
      clearInterval(parentCheck);
      for (const signal of FORWARDED) process.off(signal, onSignal);
    };
    for (const signal of FORWARDED) process.on(signal, onSignal);

    child.once("error", (error) => {
      release();
      reject(error);
    });
    child.once("close", (code, signal) => {
      release();
      resolve({ code, signal, told: toldAt !== undefined, output: Buffer.concat(output).toString() });
    });
  });
}

/** The exit code that tells the same as a child's end, by the shell's convention for signals. */
export function exitCode({ code, signal }) {
  return code ?? 128 + (constants.signals[signal] ?? 0);
}

function signalGroup(child, signal) {
  if (child.pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? child.pid : -child.pid, signal);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}
