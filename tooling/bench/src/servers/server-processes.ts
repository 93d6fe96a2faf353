import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { freePort } from "@lotty/test-servers/free-port";

/** A server of a benchmark, in a process of its own. */
export interface ServerProcess {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
  /** Asks it to end and waits for its end. */
  stop(): Promise<void>;
}

/** How to start a built app of Lotty. */
export interface AppOptions {
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  /** The checkout to take it from; this one when absent. */
  readonly repository?: string;
}

/** This checkout. */
export const REPOSITORY: string = fileURLToPath(new URL("../../../../", import.meta.url));

/** Another checkout whose API is measured beside this one's: how an optimisation is compared with what was before. */
export const OTHER_REPOSITORY: string | undefined = process.env["LOTTY_BENCH_BESIDE"];

/** Folder for the CPU profiles of all processes of Lotty; none are taken when it is not set. */
const profiles = process.env["LOTTY_BENCH_PROFILES"];

const READY_ATTEMPTS = 600;
const READY_PAUSE_MILLIS = 100;
const KEPT_OUTPUT = 2_000;

/** Starts a bare Express app. */
export async function startBareExpress(kind: "default" | "tuned"): Promise<ServerProcess> {
  const program = fileURLToPath(new URL("bare-express.ts", import.meta.url));
  const child = spawn(process.execPath, [program, kind], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const port = Number(/listening (\d+)/.exec(line.toString())?.[1]);
  return { name: `Express ${kind}`, port, pid: child.pid ?? 0, stop: () => stop(child) };
}

/** Starts the built API with the demo. */
export async function startApi({ env, name, repository = REPOSITORY }: AppOptions): Promise<ServerProcess> {
  const port = await freePort();
  const child = start("api", repository, { PORT: String(port), LOTTY_DEMO: "demo/lotty.yaml", ...env });
  return ready({ name, child, port, path: "/readyz" });
}

/** Starts the API of this checkout, and of the other one if there is one. */
export async function startApis(options: AppOptions): Promise<readonly ServerProcess[]> {
  const own = await startApi(options);
  if (OTHER_REPOSITORY === undefined) return [own];
  return [own, await startApi({ ...options, name: `${options.name}, other checkout`, repository: OTHER_REPOSITORY })];
}

/** Starts the built worker. */
export async function startWorker({ env, name, repository = REPOSITORY }: AppOptions): Promise<ServerProcess> {
  const port = await freePort();
  const child = start("worker", repository, { WORKER_PORT: String(port), ...env });
  return ready({ name, child, port, path: "/readyz" });
}

/** A process that is to become ready. */
export interface StartingProcess {
  readonly name: string;
  readonly child: ChildProcess;
  readonly port: number;
  /** Answers 2xx when it is ready. */
  readonly path: string;
}

/**
 * Waits until a process takes requests.
 *
 * @throws Error when it ends first, or takes more than a minute
 */
export async function ready({ child, name, path, port }: StartingProcess): Promise<ServerProcess> {
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => (said = (said + chunk.toString()).slice(-KEPT_OUTPUT)));
  for (let attempt = 0; attempt < READY_ATTEMPTS; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}. Has it been built? ${said}`);
    const answer = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined);
    if (answer?.ok === true) return { name, port, pid: child.pid ?? 0, stop: () => stop(child) };
    await sleep(READY_PAUSE_MILLIS);
  }
  await stop(child);
  throw new Error(`${name} was not ready after a minute.`);
}

function start(app: "api" | "worker", repository: string, env: Readonly<Record<string, string>>): ChildProcess {
  if (profiles !== undefined) mkdirSync(profiles, { recursive: true });
  const profiling = profiles === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profiles}`];
  return spawn(process.execPath, [...profiling, join(repository, "apps", app, "dist/main.js")], {
    cwd: repository,
    env: { ...process.env, LOG_LEVEL: "warn", ...env },
    // Standard error also has words of welcome: shown only when the start fails.
    stdio: ["ignore", "ignore", "pipe"],
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}
