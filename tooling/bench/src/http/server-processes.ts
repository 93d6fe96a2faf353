import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** A server of the benchmark, in a process of its own. */
export interface ServerProcess {
  readonly name: string;
  readonly port: number;
  stop(): Promise<void>;
}

const repository = fileURLToPath(new URL("../../../../", import.meta.url));

/** Starts a bare Express app. */
export async function startBareExpress(kind: "default" | "tuned"): Promise<ServerProcess> {
  const child = spawn(process.execPath, [fileURLToPath(new URL("bare-express.ts", import.meta.url)), kind], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const port = Number(/listening (\d+)/.exec(line.toString())?.[1]);
  return { name: `Express ${kind}`, port, stop: () => stop(child) };
}

/** Starts the built API with the demo. */
export async function startApi(name: string, env: Readonly<Record<string, string>>): Promise<ServerProcess> {
  const port = await freePort();
  const child = spawn(process.execPath, ["apps/api/dist/main.js"], {
    cwd: repository,
    env: { ...process.env, LOG_LEVEL: "warn", PORT: String(port), LOTTY_DEMO: "demo/lotty.yaml", ...env },
    stdio: ["ignore", "ignore", "inherit"],
  });
  for (let attempt = 0; attempt < 600; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`The API ended with ${child.exitCode}. Has it been built?`);
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
    if (ready?.ok === true) return { name, port, stop: () => stop(child) };
    await sleep(100);
  }
  await stop(child);
  throw new Error("The API was not ready after a minute.");
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== "object" || address === null) throw new Error("No port is free.");
  return address.port;
}
