import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chownSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client, type QueryConfig } from "pg";
import { endWithUs } from "./end-with-us.ts";
import { freePort } from "./free-port.ts";
import { findPostgres } from "./postgres-binaries.ts";
import { unprivilegedUser, type ChildUser } from "./run-as.ts";
import { dataDirectory, type DataPlace } from "./scratch-directory.ts";
import { startServer, type PreparedServer } from "./server-process.ts";
import { plainEnvironment, serverArguments } from "./start-postgres.ts";

/** A standby that follows a primary. It ends with the process that started it, however that ends. */
export interface PostgresReplica {
  /** Of the server, or of the database that the primary's URL names. */
  readonly url: string;
  /** Waits until it has everything that the primary had when it was asked. */
  caughtUp(): Promise<void>;
  /** Ends the server and removes its files, and lets the primary forget it. */
  stop(): Promise<void>;
}

/** A standby's files, copied from its primary. It can be started and ended like any prepared server. */
export interface PreparedReplica extends PreparedServer {
  caughtUp(): Promise<void>;
  /** Lets the primary, which must run, throw away what it keeps for the standby. To be called when the standby does not run. */
  forget(): Promise<void>;
}

/**
 * Starts a streaming standby of a Postgres that was started by this package and runs.
 *
 * @param primaryUrl any database of it
 * @throws Error when the copy fails or the standby does not start
 */
export async function startPostgresReplica(primaryUrl: string): Promise<PostgresReplica> {
  const replica = await preparePostgresReplica(primaryUrl);
  const clear = async (): Promise<void> => {
    replica.remove();
    // The primary may be gone already, and then there is nothing to forget.
    await replica.forget().catch(() => undefined);
  };
  try {
    const running = await replica.start();
    const letBe = endWithUs(running.pid);
    const { url } = replica;
    return {
      url,
      caughtUp: () => replica.caughtUp(),
      stop: async () => {
        await running.stop();
        letBe();
        await clear();
      },
    };
  } catch (error) {
    await clear();
    throw error;
  }
}

/**
 * Copies a running Postgres of this machine into a standby of it that listens on a port of its own when it is started. The primary
 * keeps what the standby has not read yet, for as long as the two exist.
 *
 * @param primaryUrl any database of it; its user must be a superuser
 * @param place where the standby's data goes
 * @throws Error when the copy fails
 */
export async function preparePostgresReplica(
  primaryUrl: string,
  place: DataPlace = "memory",
): Promise<PreparedReplica> {
  const user = unprivilegedUser();
  const { madeFolder, postgres } = findPostgres(user);
  const directory = dataDirectory("postgres-replica", user, place);
  const folders = madeFolder === undefined ? [directory] : [directory, madeFolder];
  const remove = (): void => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  };
  const slot = `replica_${randomUUID().replaceAll("-", "")}`;
  const forget = (): Promise<void> => dropSlot(primaryUrl, slot);
  try {
    const data = join(directory, "data");
    await copyCluster(primaryUrl, { data, slot, user });
    const port = await freePort();
    const url = new URL(primaryUrl);
    const primary = `host=${url.hostname} port=${url.port} user=${url.username}`;
    url.port = String(port);
    const changes = { primary_conninfo: primary, primary_slot_name: slot, hot_standby: "on" };
    return {
      url: url.href,
      folders,
      remove,
      forget,
      caughtUp: () => caughtUp(primaryUrl, url.href),
      start: () =>
        startServer({
          name: "Postgres replica",
          command: postgres,
          args: ["-D", data, ...serverArguments(port, changes)],
          user,
          env: plainEnvironment(),
          readyText: "database system is ready to accept read-only connections",
          stopSignal: "SIGINT",
        }),
    };
  } catch (error) {
    remove();
    await forget().catch(() => undefined);
    throw error;
  }
}

interface Copy {
  readonly data: string;
  readonly slot: string;
  readonly user: ChildUser | undefined;
}

/** What belongs to the running primary alone, or comes over the stream: their contents are not for the standby. */
const FILES_TO_DROP = ["postmaster.pid", "postmaster.opts"];
const FOLDERS_TO_EMPTY = ["pg_wal", "pg_replslot"];

/** A backup by files, which takes no program besides the server: not every set of binaries has one for it. */
async function copyCluster(primaryUrl: string, { data, slot, user }: Copy): Promise<void> {
  const client = new Client({ connectionString: primaryUrl });
  await client.connect();
  try {
    await client.query("SELECT pg_create_physical_replication_slot($1, true)", [slot]);
    const { rows } = await client.query<{ data_directory: string }>("SHOW data_directory");
    // The two ends of a backup belong to one session.
    await client.query("SELECT pg_backup_start('replica', true)");
    copyFolder(rows[0]?.data_directory ?? "", data, user);
    for (const name of FILES_TO_DROP) rmSync(join(data, name), { force: true });
    for (const name of FOLDERS_TO_EMPTY) emptyFolder(join(data, name), user);
    const stopped = await client.query<{ labelfile: string }>("SELECT labelfile FROM pg_backup_stop(false)");
    writeOwned(join(data, "backup_label"), stopped.rows[0]?.labelfile ?? "", user);
    writeOwned(join(data, "standby.signal"), "", user);
  } finally {
    await client.end();
  }
}

function copyFolder(from: string, to: string, user: ChildUser | undefined): void {
  const { error, status, stderr } = spawnSync("cp", ["-Rp", from, to], { ...user, cwd: "/", encoding: "utf8" });
  if (status === 0) return;
  throw new Error(`The copy of ${from} failed: ${error?.message ?? stderr}`, { cause: error });
}

function emptyFolder(path: string, user: ChildUser | undefined): void {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { mode: 0o700 });
  if (user !== undefined) chownSync(path, user.uid, user.gid);
}

function writeOwned(path: string, text: string, user: ChildUser | undefined): void {
  writeFileSync(path, text, { mode: 0o600 });
  if (user !== undefined) chownSync(path, user.uid, user.gid);
}

async function dropSlot(primaryUrl: string, slot: string): Promise<void> {
  const text =
    "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1 AND NOT active";
  await queryOnce(primaryUrl, { text, values: [slot] });
}

const CAUGHT_UP_WITHIN_MILLIS = 60_000;
const LOOK_MILLIS = 20;

async function caughtUp(primaryUrl: string, replicaUrl: string): Promise<void> {
  const lsn = await queryOnce(primaryUrl, { text: "SELECT pg_current_wal_lsn()::text AS answer" });
  const text = "SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn AS answer";
  const end = performance.now() + CAUGHT_UP_WITHIN_MILLIS;
  while ((await queryOnce(replicaUrl, { text, values: [lsn] })) !== true) {
    if (performance.now() > end) throw new Error(`The replica did not catch up with ${String(lsn)} in time.`);
    await sleep(LOOK_MILLIS);
  }
}

/** The `answer` of the first row. */
async function queryOnce(url: string, query: QueryConfig): Promise<unknown> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<{ answer: unknown }>(query)).rows[0]?.answer;
  } finally {
    await client.end();
  }
}
