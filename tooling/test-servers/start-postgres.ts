import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import { findPostgres, type PostgresBinaries } from "./postgres-binaries.ts";
import { unprivilegedUser, type ChildUser } from "./run-as.ts";
import { dataDirectory, type DataPlace } from "./scratch-directory.ts";
import { startPrepared, startServer, type PreparedServer, type RunningServer } from "./server-process.ts";

/** Enough for the tests of all packages at once with pools of their own. */
const MAX_CONNECTIONS = 300;

/**
 * Starts a Postgres of our own on a free port, with a new cluster and fsync on (some tests are about durability).
 *
 * @throws Error when no Postgres is to be found or it does not start
 */
export async function startPostgres(): Promise<RunningServer> {
  return startPrepared(await preparePostgres());
}

/**
 * Makes a new cluster that listens on a port of its own when it is started.
 *
 * @param changes settings of the server that differ from the usual ones
 * @param place where its data goes
 * @throws Error when no Postgres is to be found or the cluster cannot be made
 */
export async function preparePostgres(
  changes: Readonly<Record<string, string>> = {},
  place: DataPlace = "memory",
): Promise<PreparedServer> {
  const user = unprivilegedUser();
  const binaries = findPostgres(user);
  const directory = dataDirectory("postgres", user, place);
  const folders = binaries.madeFolder === undefined ? [directory] : [directory, binaries.madeFolder];
  const remove = (): void => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  };
  try {
    const data = join(directory, "data");
    createCluster(binaries, data, user);
    const port = await freePort();
    return {
      url: `postgres://lotty@127.0.0.1:${String(port)}/postgres`,
      folders,
      remove,
      start: () =>
        startServer({
          name: "Postgres",
          command: binaries.postgres,
          args: ["-D", data, ...serverArguments(port, changes)],
          user,
          env: plainEnvironment(),
          readyText: "database system is ready to accept connections",
          // Fast shutdown: open connections are cut instead of waited for.
          stopSignal: "SIGINT",
        }),
    };
  } catch (error) {
    remove();
    throw error;
  }
}

function createCluster(binaries: PostgresBinaries, data: string, user: ChildUser | undefined): void {
  const { status, stderr, error } = spawnSync(
    binaries.initdb,
    // The new files need not survive a power cut, hence no sync; what the tests write later is synced.
    ["-D", data, "-U", "lotty", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"],
    { ...user, cwd: "/", env: plainEnvironment(), encoding: "utf8" },
  );
  if (status === 0) return;
  throw new Error(`initdb (${binaries.initdb}) failed: ${error?.message ?? stderr}`, { cause: error });
}

/** Arguments with the settings of a server of the tests. */
export function serverArguments(port: number, changes: Readonly<Record<string, string>>): readonly string[] {
  const values = {
    port: String(port),
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: String(MAX_CONNECTIONS),
    fsync: "on",
    timezone: "UTC",
    ...changes,
  };
  return Object.entries(values).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

/** Without the PG* variables and locale of whoever started us, which would change what the server does. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env["PATH"], LC_ALL: "C", TZ: "UTC" };
}
