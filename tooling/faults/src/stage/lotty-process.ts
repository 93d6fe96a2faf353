import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Guardian } from "./guardian.ts";
import { parseMetrics, sumOf, type ProcessMetrics } from "./process-metrics.ts";

/** How to run a process of Lotty. */
export interface LottyProcessOptions {
  /** For people: `api-1`. */
  readonly name: string;
  /** Where it serves health and metrics, and decisions if it is an API. */
  readonly url: string;
  /** Command with its arguments. */
  readonly command: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Its working directory, made for it; what it keeps on disk survives it there. */
  readonly home: string;
  readonly logFile: string;
  readonly guardian: Guardian;
}

const READY_WITHIN_MILLIS = 60_000;
const ENDED_WITHIN_MILLIS = 30_000;
const LOOK_MILLIS = 25;
const ASK_MILLIS = 2_000;

/** A process of Lotty that can be killed and started again. */
export class LottyProcess {
  readonly name: string;
  readonly url: string;
  /** How it ended when nobody had asked it to. */
  readonly surprises: string[] = [];
  readonly #options: LottyProcessOptions;
  /** Counters of earlier lives, as far as they were seen. */
  readonly #past = new Map<string, number>();
  #latest: ProcessMetrics = new Map();
  #preloaded: readonly string[] = [];
  #child: ChildProcess | undefined;
  #ended: Promise<unknown> = Promise.resolve();

  constructor(options: LottyProcessOptions) {
    this.name = options.name;
    this.url = options.url;
    this.#options = options;
  }

  /** @throws Error when it does not run */
  get pid(): number {
    if (this.#child?.pid === undefined) throw new Error(`${this.name} does not run.`);
    return this.#child.pid;
  }

  get running(): boolean {
    return this.#child !== undefined;
  }

  /** From its next start on it loads a module before everything else. */
  preload(module: URL): void {
    this.#preloaded = ["--import", module.href];
  }

  /** Starts it without waiting for anything. */
  spawn(): void {
    const { command, env, guardian, home, logFile } = this.#options;
    const [program = process.execPath, ...args] = command;
    mkdirSync(home, { recursive: true });
    const log = openSync(logFile, "a");
    const child = spawn(program, [...this.#preloaded, ...args], {
      cwd: home,
      env,
      stdio: ["ignore", log, log],
      detached: true,
    });
    closeSync(log);
    this.#child = child;
    // It fails when there is no such program, which readiness then tells of.
    this.#ended = once(child, "exit").catch(() => undefined);
    if (child.pid !== undefined) guardian.started(child.pid);
    child.once("exit", (code, signal) => {
      if (child.pid !== undefined) guardian.ended(child.pid);
      if (this.#child !== child) return;
      this.#child = undefined;
      this.#bury();
      this.surprises.push(`${this.name} ended with ${signal ?? `code ${String(code)}`}`);
    });
  }

  /** Starts it and waits until it is ready. */
  async start(): Promise<void> {
    this.spawn();
    await this.untilReady();
  }

  /** @throws Error with the end of its log when it ends first or is not ready in time */
  async untilReady(withinMillis: number = READY_WITHIN_MILLIS): Promise<void> {
    const deadline = performance.now() + withinMillis;
    while (this.running && performance.now() < deadline) {
      if ((await this.status("/readyz")) === 200) return;
      await sleep(LOOK_MILLIS);
    }
    throw new Error(`${this.name} is not ready. Its log ends with:\n${this.log.slice(-3_000)}`);
  }

  /** The status that a path answers with; `undefined` when there is no answer in time. */
  async status(path: string, withinMillis: number = ASK_MILLIS): Promise<number | undefined> {
    try {
      const answer = await fetch(`${this.url}${path}`, { signal: AbortSignal.timeout(withinMillis) });
      await answer.arrayBuffer();
      return answer.status;
    } catch {
      return undefined;
    }
  }

  signal(signal: NodeJS.Signals): void {
    process.kill(this.pid, signal);
  }

  /** Kills it and waits for its end. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Asks it to end and waits until it has. */
  async stop(): Promise<void> {
    await this.#end("SIGTERM");
  }

  /** All that it has logged in all its lives. */
  get log(): string {
    try {
      return readFileSync(this.#options.logFile, "utf8");
    } catch {
      return "";
    }
  }

  /** Asks for its metrics now; the last known ones when it does not answer. */
  async scrape(): Promise<ProcessMetrics> {
    const child = this.#child;
    try {
      const answer = await fetch(`${this.url}/metrics`, { signal: AbortSignal.timeout(ASK_MILLIS) });
      const metrics = parseMetrics(await answer.text());
      // It may have died meanwhile, and its figures belong to the life before.
      if (child === this.#child && child !== undefined) this.#latest = metrics;
    } catch {
      // Busy, or gone: what was seen last counts.
    }
    return this.#latest;
  }

  /** A counter summed over all lives, as far as it was seen. */
  counted(name: string): number {
    return sumOf(this.#past, name) + sumOf(this.#latest, name);
  }

  /** Its figures become those of a life that is over. */
  #bury(): void {
    for (const [key, value] of this.#latest) this.#past.set(key, (this.#past.get(key) ?? 0) + value);
    this.#latest = new Map();
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#child = undefined;
    const ended = this.#ended;
    this.#bury();
    child.kill(signal);
    // A stopped process hears of nothing else.
    if (signal !== "SIGKILL") child.kill("SIGCONT");
    const timer = setTimeout(() => child.kill("SIGKILL"), ENDED_WITHIN_MILLIS);
    await ended;
    clearTimeout(timer);
  }
}
