import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { withinTime } from "../time-limit.ts";
import type { GuardianMessage } from "./guardian-message.ts";

const CLEARED_UP_WITHIN_MILLIS = 30_000;

/** Makes sure that nothing outlives the runner, not even when the runner is killed. */
export class Guardian {
  readonly #child: ChildProcess;

  constructor() {
    const program = fileURLToPath(new URL("guardian-process.ts", import.meta.url));
    // A group of its own: Ctrl-C must not reach it before it has done its work.
    this.#child = spawn(process.execPath, [program], { stdio: ["pipe", "ignore", "inherit"], detached: true });
    this.#child.unref();
  }

  /** A process runs. `signal` is what ends it at once, by default SIGKILL. */
  started(pid: number, signal: NodeJS.Signals = "SIGKILL"): void {
    this.#tell({ started: pid, signal });
  }

  ended(pid: number): void {
    this.#tell({ ended: pid });
  }

  /** A folder that is to be removed in the end, whoever else removes it before. */
  folder(path: string): void {
    this.#tell({ folder: path });
  }

  /** Something was done to the machine that a command takes back. */
  willUndo(command: readonly string[]): void {
    this.#tell({ undo: command });
  }

  /** It was taken back. */
  undone(command: readonly string[]): void {
    this.#tell({ undone: command });
  }

  /** Ends this process the hard way unless it is done by then: for when it hangs so that it cannot even look at the clock. */
  watch(withinMillis: number): void {
    this.#tell({ runner: process.pid, withinMillis });
  }

  /**
   * Lets the guardian clear up what is left and waits for its end.
   *
   * @throws TimeLimitError when that does not come
   */
  async close(): Promise<void> {
    const ended = once(this.#child, "exit");
    this.#child.ref();
    this.#child.stdin?.end();
    try {
      await withinTime("clearing up", CLEARED_UP_WITHIN_MILLIS, ended);
    } finally {
      this.#child.unref();
    }
  }

  #tell(message: GuardianMessage): void {
    this.#child.stdin?.write(`${JSON.stringify(message)}\n`);
  }
}
