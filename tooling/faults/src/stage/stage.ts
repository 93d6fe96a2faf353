import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "@lotty/test-servers/free-port";
import { preparePostgres } from "@lotty/test-servers/postgres";
import { prepareRedis } from "@lotty/test-servers/redis";
import { Redis } from "ioredis";
import { withinTime } from "../time-limit.ts";
import { Database, writeDefinitions } from "./database.ts";
import type { Guardian } from "./guardian.ts";
import { LottyProcess } from "./lotty-process.ts";
import { ManagedServer } from "./managed-server.ts";
import { takeBack } from "./take-back.ts";
import type { Addresses, StageOptions, Workshop } from "./stage-options.ts";

/** Everything that runs while a fault is played. */
export interface Stage {
  readonly api: readonly LottyProcess[];
  readonly workers: readonly LottyProcess[];
  readonly postgres: ManagedServer;
  readonly redis: ManagedServer;
  readonly database: Database;
  /** The runner's own connection to Redis. Commands fail at once while Redis is away. */
  readonly redisClient: Redis;
  readonly workshop: Workshop;
  /** Ends all of it and removes its files. */
  strike(): Promise<void>;
}

/** How the processes are run. */
export interface StageSetting {
  /** Run what was built instead of the sources. */
  readonly built: boolean;
  /** Settings of every process, whatever the fault. Those of the fault win. */
  readonly env?: NodeJS.ProcessEnv;
  /** Told of everything that has to go in the end. The caller closes it when the stage is struck. */
  readonly guardian: Guardian;
}

const REPOSITORY = fileURLToPath(new URL("../../../..", import.meta.url));
const DATABASE_NAME = "lotty";

/** For ending one process, or taking one thing back; the guardian sees to what takes longer. */
const STEP_BACK_MILLIS = 20_000;

/** Longest wait for Redis; some faults make it pause for two seconds. */
const REDIS_MILLIS = 5_000;

/** What the processes may see of our own environment. */
const INHERITED = ["PATH", "HOME", "TMPDIR", "LANG"];

/** Starts Postgres, Redis, two APIs and two workers, with flags to decide. */
export async function openStage(options: StageOptions, setting: StageSetting): Promise<Stage> {
  const endings: (() => Promise<void> | void)[] = [];
  const strike = async (): Promise<void> => {
    for (const end of endings.splice(0).toReversed()) {
      try {
        await withinTime("one step", STEP_BACK_MILLIS, Promise.resolve(end()));
      } catch (error) {
        process.stderr.write(`Clearing up: ${String(error)}\n`);
      }
    }
  };
  try {
    return { ...(await build(options, setting, { guardian: setting.guardian, endings })), strike };
  } catch (error) {
    await strike();
    throw error;
  }
}

interface Upkeep {
  readonly guardian: Guardian;
  readonly endings: (() => Promise<void> | void)[];
}

async function build(options: StageOptions, setting: StageSetting, upkeep: Upkeep): Promise<Omit<Stage, "strike">> {
  const { endings, guardian } = upkeep;
  const folder = mkdtempSync(join(tmpdir(), "lotty-faults-"));
  guardian.folder(folder);
  endings.push(() => rmSync(folder, { recursive: true, force: true }));
  const workshop: Workshop = {
    folder,
    guardian,
    onEnd: (undo) => endings.push(undo),
    undoWith: (command) => {
      guardian.willUndo(command);
      endings.push(() => {
        takeBack(command);
        guardian.undone(command);
      });
    },
  };
  const [postgres, redis] = await Promise.all([
    preparePostgres(options.postgres).then((server) => new ManagedServer(server, guardian, "SIGQUIT")),
    prepareRedis(options.redis).then((server) => new ManagedServer(server, guardian, "SIGKILL")),
  ]);
  endings.push(() => postgres.remove());
  endings.push(() => redis.remove());
  await Promise.all([postgres.start(), redis.start()]);
  const database = await openDatabase(postgres.url, options, workshop);
  endings.push(() => database.close());
  const direct: Addresses = { databaseUrl: database.url, redisUrl: redis.url };
  const addresses = (await options.route?.(direct, workshop)) ?? direct;
  const redisClient = openRedisClient(addresses.redisUrl);
  endings.push(() => redisClient.disconnect());

  const shared = environment(addresses, options, setting);
  const recruit = async (name: string): Promise<LottyProcess> => {
    const member = await makeProcess(name, { shared, workshop, options, setting });
    endings.push(() => member.kill());
    return member;
  };
  const api = [await recruit("api-1"), await recruit("api-2")];
  const workers = [await recruit("worker-1"), await recruit("worker-2")];
  if (options.startProcesses !== false) await Promise.all([...api, ...workers].map((member) => member.start()));
  return { api, workers, postgres, redis, database, redisClient, workshop };
}

async function openDatabase(serverUrl: string, options: StageOptions, workshop: Workshop): Promise<Database> {
  const server = new Database(serverUrl);
  try {
    const clause = await options.beforeDatabase?.(server, workshop);
    await server.query(`CREATE DATABASE ${DATABASE_NAME} ${clause ?? ""}`);
  } finally {
    await server.close();
  }
  const url = new URL(serverUrl);
  url.pathname = `/${DATABASE_NAME}`;
  await writeDefinitions(url.href);
  return new Database(url.href);
}

function openRedisClient(url: string): Redis {
  const client = new Redis(url, {
    maxRetriesPerRequest: 0,
    enableOfflineQueue: true,
    retryStrategy: () => 100,
    connectTimeout: REDIS_MILLIS,
    commandTimeout: REDIS_MILLIS,
  });
  client.on("error", () => undefined);
  return client;
}

function environment(
  { databaseUrl, redisUrl }: Addresses,
  options: StageOptions,
  setting: StageSetting,
): NodeJS.ProcessEnv {
  const inherited = Object.fromEntries(INHERITED.map((name) => [name, process.env[name]]));
  return {
    ...inherited,
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    DECISION_WRITE_MODE: options.writeMode ?? "async",
    LOG_LEVEL: "warn",
    LOTTY_PARENT_PID: String(process.pid),
    ...setting.env,
    ...options.env,
  };
}

interface Recruitment {
  readonly shared: NodeJS.ProcessEnv;
  readonly workshop: Workshop;
  readonly options: StageOptions;
  readonly setting: StageSetting;
}

async function makeProcess(name: string, recruitment: Recruitment): Promise<LottyProcess> {
  const { options, setting, shared, workshop } = recruitment;
  const { folder, guardian } = workshop;
  const port = String(await freePort());
  const app = name.startsWith("api") ? "api" : "worker";
  const own = app === "api" ? { PORT: port } : { WORKER_PORT: port };
  const built = join(REPOSITORY, `apps/${app}/dist/main.js`);
  if (setting.built && !existsSync(built)) throw new Error(`There is no ${built}: run "pnpm build" first.`);
  const program = setting.built ? [built] : ["--conditions=@lotty/source", join(REPOSITORY, `apps/${app}/src/main.ts`)];
  return new LottyProcess({
    name,
    url: `http://127.0.0.1:${port}`,
    command: [process.execPath, ...program],
    home: join(folder, name),
    env: { ...shared, ...own, ...options.envOf?.(name, workshop) },
    logFile: join(folder, `${name}.log`),
    guardian,
  });
}
