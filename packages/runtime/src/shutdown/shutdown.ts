import type { Logger } from "@lotty/domain";

/** One thing to do when the process ends. */
export type ShutdownStep = () => void | Promise<void>;

/** What is needed of the process itself; Node's `process` is one. */
export interface EndableProcess {
  on(event: string, listener: (argument: unknown) => void): unknown;
  off(event: string, listener: (argument: unknown) => void): unknown;
  exit(code: number): void;
}

/** How a process ends. */
export interface ShutdownOptions {
  readonly logger: Logger;
  /** Longest that all steps together may take. */
  readonly graceSeconds: number;
  /** Defaults to Node's `process`. */
  readonly process?: EndableProcess;
}

/** Exit codes of signals are 128 plus the signal's number, as shells report them. */
const SIGNALS = { SIGTERM: 143, SIGINT: 130 } as const;

/**
 * Signals this soon after the first are the same wish: Ctrl-C reaches every process of a terminal, and a parent may pass
 * its own copy on.
 */
const SAME_WISH_MS = 500;

/**
 * Ends a process in good order. SIGTERM, SIGINT and {@link Shutdown.begin} run the registered steps one after the other,
 * the last registered first, and exit with 0; a failed step or one beyond the grace time makes it 1. A second signal, half
 * a second later or more, exits at once. Exceptions that nobody caught are logged and exit with 1 at once: what state the process is in is unknown.
 */
export class Shutdown {
  readonly #logger: Logger;
  readonly #graceMillis: number;
  readonly #process: EndableProcess;
  readonly #steps: { readonly name: string; readonly run: ShutdownStep }[] = [];
  readonly #listeners: [event: string, listener: (argument: unknown) => void][] = [];
  #ending: Promise<void> | undefined;
  #current = "none";
  #signalledAt = 0;

  constructor(options: ShutdownOptions) {
    this.#logger = options.logger;
    this.#graceMillis = options.graceSeconds * 1000;
    this.#process = options.process ?? process;
  }

  /** Begins to listen for signals and for exceptions that nobody caught. */
  install(): void {
    for (const [signal, code] of Object.entries(SIGNALS)) this.#listen(signal, () => this.#onSignal(signal, code));
    this.#listen("uncaughtException", (error) => this.#crash("uncaught_exception", error));
    this.#listen("unhandledRejection", (error) => this.#crash("unhandled_rejection", error));
  }

  /** Stops listening, for tests and for processes that live on. */
  uninstall(): void {
    for (const [event, listener] of this.#listeners.splice(0)) this.#process.off(event, listener);
  }

  /** Adds a step. It runs before all steps added earlier: what was opened last is closed first. */
  onShutdown(name: string, run: ShutdownStep): void {
    this.#steps.push({ name, run });
  }

  /** Whether the end has begun. */
  get begun(): boolean {
    return this.#ending !== undefined;
  }

  /** Runs the steps and exits. Repeated calls wait for the same end. */
  begin(cause: string): Promise<void> {
    this.#ending ??= this.#end(cause);
    return this.#ending;
  }

  async #end(cause: string): Promise<void> {
    this.#logger.info("shutdown_started", { cause });
    const { promise: late, resolve } = Promise.withResolvers<"late">();
    const timer = setTimeout(() => resolve("late"), this.#graceMillis);
    const result = await Promise.race([this.#runSteps(), late]);
    clearTimeout(timer);
    if (result === "late") this.#logger.error("shutdown_overdue", { step: this.#current });
    else this.#logger.info("shutdown_finished", { cause });
    this.#process.exit(result === "done" ? 0 : 1);
  }

  async #runSteps(): Promise<"done" | "failed"> {
    let result: "done" | "failed" = "done";
    for (const { name, run } of this.#steps.toReversed()) {
      this.#current = name;
      try {
        await run();
      } catch (error) {
        this.#logger.error("shutdown_step_failed", { step: name, error });
        result = "failed";
      }
    }
    return result;
  }

  #onSignal(signal: string, code: number): void {
    const now = performance.now();
    if (this.begun) {
      if (now - this.#signalledAt < SAME_WISH_MS) return;
      this.#logger.warn("shutdown_forced", { cause: signal, step: this.#current });
      this.#process.exit(code);
      return;
    }
    this.#signalledAt = now;
    void this.begin(signal);
  }

  #crash(event: string, error: unknown): void {
    this.#logger.error(event, { error });
    this.#process.exit(1);
  }

  #listen(event: string, listener: (argument: unknown) => void): void {
    this.#process.on(event, listener);
    this.#listeners.push([event, listener]);
  }
}
