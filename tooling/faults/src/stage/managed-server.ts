import type { PreparedServer, ReadyProcess } from "@lotty/test-servers/server-process";
import type { Guardian } from "./guardian.ts";

/** A database or Redis that a fault may end and start again on the same port and files. */
export class ManagedServer {
  readonly url: string;
  readonly #server: PreparedServer;
  readonly #guardian: Guardian;
  /** What ends it at once without leaving anything behind in the system. */
  readonly #hardSignal: NodeJS.Signals;
  #running: ReadyProcess | undefined;

  constructor(server: PreparedServer, guardian: Guardian, hardSignal: NodeJS.Signals) {
    this.url = server.url;
    this.#server = server;
    this.#guardian = guardian;
    this.#hardSignal = hardSignal;
    for (const folder of server.folders) guardian.folder(folder);
  }

  /** @throws Error when it does not run */
  get pid(): number {
    if (this.#running === undefined) throw new Error(`The server at ${this.url} does not run.`);
    return this.#running.pid;
  }

  /** Starts it, unless it runs. */
  async start(): Promise<void> {
    if (this.#running !== undefined) return;
    this.#running = await this.#server.start();
    this.#guardian.started(this.#running.pid, this.#hardSignal);
  }

  /** Ends it, unless it has ended, with a signal of choice or the one that it likes best. */
  async stop(signal?: NodeJS.Signals): Promise<void> {
    const running = this.#running;
    if (running === undefined) return;
    this.#running = undefined;
    await running.stop(signal);
    this.#guardian.ended(running.pid);
  }

  /** Ends it and removes its files. */
  async remove(): Promise<void> {
    await this.stop(this.#hardSignal);
    this.#server.remove();
  }
}
