import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import { delimiter } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** How to start Lotty. */
export interface StartOptions {
  /** The checkout. */
  readonly folder: string;
  readonly port: number;
  readonly dataDirectory: string;
  readonly env?: NodeJS.ProcessEnv;
}

const LOOK_MILLIS = 100;

/** `npm start`, as somebody would type it. */
export class StartedLotty {
  readonly url: string;
  readonly #child: ChildProcess;
  #output = "";

  constructor(options: StartOptions) {
    this.url = `http://127.0.0.1:${String(options.port)}`;
    this.#child = spawn("npm", ["start"], {
      cwd: options.folder,
      // A group of its own, so that a Ctrl-C can be played without hitting us.
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...plainEnvironment(),
        PORT: String(options.port),
        LOTTY_DATA_DIR: options.dataDirectory,
        ...options.env,
      },
    });
    this.#child.stdout?.on("data", (chunk: Buffer) => this.#keep(chunk));
    this.#child.stderr?.on("data", (chunk: Buffer) => this.#keep(chunk));
  }

  /** All that it has printed. */
  get output(): string {
    return this.#output;
  }

  /** Waits until it answers that it is ready; false when it ends first or takes too long. */
  async ready(withinMillis: number): Promise<boolean> {
    const deadline = Date.now() + withinMillis;
    while (Date.now() < deadline && this.#running()) {
      const answer = await fetch(`${this.url}/readyz`).catch(() => undefined);
      if (answer?.status === 200) return true;
      await sleep(LOOK_MILLIS);
    }
    return false;
  }

  /** Waits until it has printed something; `undefined` when it ends first or takes too long. */
  async printed(text: RegExp, withinMillis: number): Promise<RegExpExecArray | undefined> {
    const deadline = Date.now() + withinMillis;
    for (;;) {
      const found = text.exec(this.#output);
      if (found !== null) return found;
      if (Date.now() > deadline || !this.#running()) return undefined;
      await sleep(LOOK_MILLIS);
    }
  }

  /** Waits for its end; gives the exit code (128 and its number for a signal), or `undefined` when it still runs after the time is over. */
  async ended(withinMillis: number): Promise<number | undefined> {
    if (this.#running()) {
      await Promise.race([once(this.#child, "close"), sleep(withinMillis, undefined, { ref: false })]);
    }
    if (this.#running()) return undefined;
    const { exitCode, signalCode } = this.#child;
    return exitCode ?? 128 + (signalCode === null ? 0 : constants.signals[signalCode]);
  }

  /** Sends a signal to npm alone, as `kill` does. */
  signalNpm(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Sends a signal to npm and all that it started in the same terminal, as the terminal does on Ctrl-C. */
  signalTerminal(signal: NodeJS.Signals): void {
    if (this.#child.pid !== undefined && this.#running()) process.kill(-this.#child.pid, signal);
  }

  #running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  #keep(chunk: Buffer): void {
    this.#output += chunk.toString();
  }
}

/** Our environment as it was before the project's tools and the tests' settings came into it. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const path = (process.env["PATH"] ?? "").split(delimiter).filter((entry) => !entry.endsWith("node_modules/.bin"));
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|pnpm_|NODE|LOTTY_|DATABASE_|REDIS_|DECISION_|HOST$|PORT$)/i.test(name),
  );
  return { ...Object.fromEntries(kept), PATH: path.join(delimiter) };
}
