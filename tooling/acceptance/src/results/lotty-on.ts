import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { repository } from "../run-cli.ts";

/** Where processes of Lotty keep what they know. */
export interface Stores {
  readonly databaseUrl: string;
  readonly redisUrl: string;
}

/** A process of Lotty that can be killed and started again at the same address. */
export class LottyOn {
  readonly url: string;
  readonly #app: "api" | "worker";
  readonly #env: NodeJS.ProcessEnv;
  #child: ChildProcess | undefined;
  #log = "";

  private constructor(app: "api" | "worker", port: number, stores: Stores) {
    this.#app = app;
    this.url = `http://127.0.0.1:${port}`;
    this.#env = {
      PATH: process.env["PATH"],
      DATABASE_URL: stores.databaseUrl,
      REDIS_URL: stores.redisUrl,
      LOG_LEVEL: "warn",
      [app === "api" ? "PORT" : "WORKER_PORT"]: String(port),
    };
  }

  /** Starts a process from its sources. */
  static async start(app: "api" | "worker", stores: Stores): Promise<LottyOn> {
    const started = new LottyOn(app, await freePort(), stores);
    await started.again();
    return started;
  }

  /** Starts it, and waits until it is ready. */
  async again(): Promise<void> {
    const child = spawn(process.execPath, ["--conditions=@lotty/source", `apps/${this.#app}/src/main.ts`], {
      cwd: repository,
      env: this.#env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    const note = (piece: Buffer): void => {
      this.#log = (this.#log + piece.toString()).slice(-4_000);
    };
    child.stdout.on("data", note);
    child.stderr.on("data", note);
    for (let attempt = 0; attempt < 1_200; attempt += 1) {
      if (child.exitCode !== null) break;
      const ready = await fetch(`${this.url}/readyz`).catch(() => undefined);
      if (ready?.ok === true) return;
      await sleep(100);
    }
    throw new Error(`The ${this.#app} was not ready:\n${this.#log}`);
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  async stop(): Promise<void> {
    await this.#end("SIGTERM");
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== "object" || address === null) throw new Error("No port is free.");
  return address.port;
}
