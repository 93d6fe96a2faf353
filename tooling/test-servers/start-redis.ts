import { rmSync } from "node:fs";
import { freePort } from "./free-port.ts";
import { findRedis } from "./redis-binary.ts";
import { dataDirectory, programDirectory, type DataPlace } from "./scratch-directory.ts";
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
 * @param changes settings of the server that differ from the usual ones
 * @param place where its data goes
 * @throws Error when no Redis is to be found
 */
export async function prepareRedis(
  changes: Readonly<Record<string, string>> = {},
  place: DataPlace = "memory",
): Promise<PreparedServer> {
  const directory = dataDirectory("redis", undefined, place);
  const programs = programDirectory("redis");
  const folders = [directory, programs];
  const remove = (): void => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  };
  try {
    const redis = findRedis(programs);
    const port = await freePort();
    return {
      url: `redis://127.0.0.1:${String(port)}`,
      folders,
      remove,
      start: () =>
        startServer({
          name: "Redis",
          command: redis.command,
          args: settings(port, directory, changes),
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

function settings(port: number, directory: string, changes: Readonly<Record<string, string>>): readonly string[] {
  const values = {
    port: String(port),
    bind: "127.0.0.1",
    dir: directory,
    appendonly: "yes",
    "maxmemory-policy": "noeviction",
    save: "",
    loglevel: "notice",
    ...changes,
  };
  return Object.entries(values).flatMap(([name, value]) => [`--${name}`, value]);
}
