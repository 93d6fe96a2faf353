import { rmSync } from "node:fs";
import { freePort } from "./free-port.ts";
import { findRedis } from "./redis-binary.ts";
import { dataDirectory, programDirectory } from "./scratch-directory.ts";
import { startPrepared, startServer, type PreparedServer, type RunningServer } from "./server-process.ts";

/**
 * Starts a Redis of our own on a free port, set up as production must be: append-only file on, no eviction.
 *
 * @throws Error when no Redis is to be found or it does not start
 */
export async function startRedis(): Promise<RunningServer> {
  return startPrepared(await prepareRedis());
}

/**
 * Makes the folder of a Redis that listens on a port of its own when it is started.
 *
 * @throws Error when no Redis is to be found
 */
export async function prepareRedis(): Promise<PreparedServer> {
  const directory = dataDirectory("redis");
  const programs = programDirectory("redis");
  const remove = (): void => {
    for (const folder of [directory, programs]) rmSync(folder, { recursive: true, force: true });
  };
  try {
    const redis = findRedis(programs);
    const port = await freePort();
    return {
      url: `redis://127.0.0.1:${String(port)}`,
      remove,
      start: () =>
        startServer({
          name: "Redis",
          command: redis.command,
          args: settings(port, directory),
          env: { ...process.env, ...redis.env },
          readyText: "eady to accept connections",
          stopSignal: "SIGTERM",
        }),
    };
  } catch (error) {
    remove();
    throw error;
  }
}

function settings(port: number, directory: string): readonly string[] {
  const values = {
    port: String(port),
    bind: "127.0.0.1",
    dir: directory,
    appendonly: "yes",
    "maxmemory-policy": "noeviction",
    save: "",
    loglevel: "notice",
  };
  return Object.entries(values).flatMap(([name, value]) => [`--${name}`, value]);
}
