import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { ChildUser } from "./run-as.ts";

/** A server that runs. */
export interface RunningServer {
  readonly url: string;
  /** Ends the server and removes its files. */
  stop(): Promise<void>;
}

/** How to start a server. */
export interface ServerCommand {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly user?: ChildUser | undefined;
  readonly env?: NodeJS.ProcessEnv;
  /** Text of its output that means it takes connections. */
  readonly readyText: string;
  readonly stopSignal: NodeJS.Signals;
}

const READY_WITHIN_MILLIS = 30_000;
const STOPPED_WITHIN_MILLIS = 10_000;
const KEPT_OUTPUT = 4_000;

/** A child process that has said it is ready. */
export interface ReadyProcess {
  readonly pid: number;
  /** Ends the process, with the signal that its server prefers or another one, and waits for its end. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** A server whose files are there: it can be started, ended in any way, and started again on what it left. */
export interface PreparedServer {
  /** Its address whenever it runs. */
  readonly url: string;
  /** @throws Error when it does not start */
  start(): Promise<ReadyProcess>;
  /** What it keeps its files in. */
  readonly folders: readonly string[];
  /** Removes its files. To be called when it does not run. */
  remove(): void;
}

/** Starts a server for as long as it is not stopped; its files go with it. */
export async function startPrepared(server: PreparedServer): Promise<RunningServer> {
  try {
    const running = await server.start();
    return { url: server.url, stop: () => running.stop().finally(() => server.remove()) };
  } catch (error) {
    server.remove();
    throw error;
  }
}

/**
 * Starts a server and waits until it says that it is ready.
 *
 * @throws Error with the end of its output when it ends first or is not ready in time
 */
export async function startServer(server: ServerCommand): Promise<ReadyProcess> {
  const child = spawn(server.command, server.args, {
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own: Ctrl-C in the terminal reaches us, and we end the server when nobody needs it any more.
    detached: true,
    env: server.env ?? process.env,
    ...server.user,
  });
  let output = "";
  const ready = new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-KEPT_OUTPUT);
      if (output.includes(server.readyText)) resolve();
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      reject(new Error(`it ended with ${signal ?? `code ${String(code)}`}`));
    });
  });
  const stop = (signal: NodeJS.Signals = server.stopSignal): Promise<void> => end(child, signal);
  const tooLate = sleep(READY_WITHIN_MILLIS, undefined, { ref: false }).then(() => {
    throw new Error(`it was not ready after ${String(READY_WITHIN_MILLIS / 1_000)} s`);
  });
  try {
    await Promise.race([ready, tooLate]);
  } catch (cause) {
    await stop();
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${server.name} (${server.command}) did not start: ${why}. Its last words:\n${output}`, { cause });
  }
  return { pid: child.pid ?? 0, stop };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill(signal);
  const timer = setTimeout(() => child.kill("SIGKILL"), STOPPED_WITHIN_MILLIS);
  await ended;
  clearTimeout(timer);
}
