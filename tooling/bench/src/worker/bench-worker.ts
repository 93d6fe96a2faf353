import { setTimeout as sleep } from "node:timers/promises";
import { openRedis, type RedisConnections } from "@lotty/cache";
import { openPostgres } from "@lotty/persistence";
import { startRedis } from "@lotty/test-servers/redis";
import { Client } from "pg";
import { atLeast, figure, type BenchRun } from "../bench.ts";
import { measureInRounds, spreadOf, type Contender } from "../rounds.ts";
import { peakMemoryOf } from "../servers/process-memory.ts";
import { startSeasonedPostgres } from "../servers/seasoned-postgres.ts";
import { startWorker } from "../servers/server-processes.ts";
import { SILENT } from "../silent-logger.ts";
import { DecisionMaker } from "./make-decisions.ts";
import { insertPlainly } from "./plain-inserts.ts";

const DAY_MICROS = 86_400_000_000;

/** Connections of a worker process at work: it has four drains. */
const CONNECTIONS_PER_WORKER = 4;

/** Rows of one statement, as the worker writes them: more win nothing. */
const BATCH = 1_000;

/** Decisions of the burst, when the usual size will not do. */
const BURST = process.env["LOTTY_BENCH_BURST"];

interface Servers {
  readonly postgres: string;
  readonly redis: string;
  readonly stream: RedisConnections;
  readonly backlog: number;
  /** Rows that are missing or too many, over all rounds. */
  readonly faults: string[];
  /** Resident memory of each worker process at its highest, in bytes, by contender. */
  readonly memory: Map<string, number[]>;
}

/** A burst in the decision stream, drained by the real worker, beside plain inserts of such rows into the same table. */
export async function benchWorker(run: BenchRun): Promise<void> {
  const backlog = BURST === undefined ? (run.quick ? 50_000 : 1_000_000) : Number(BURST);
  const postgres = await startSeasonedPostgres();
  const redis = await startRedis();
  const stream = await openRedis({ url: redis.url, logger: SILENT, streamMaxLength: 2 * backlog });
  try {
    await prepareSchema(postgres.url);
    const servers = { postgres: postgres.url, redis: redis.url, stream, backlog, faults: [], memory: new Map() };
    await compare(run, servers);
  } finally {
    await stream.close();
    await redis.stop();
    await postgres.stop();
  }
}

async function compare(run: BenchRun, servers: Servers): Promise<void> {
  const counts = [1, 2];
  const measured = await measureInRounds(
    counts.flatMap((count) => [plainContender(servers, count), workerContender(servers, count)]),
    run.quick ? 1 : 3,
  );
  const [plainOne, workerOne, plainTwo, workerTwo] = measured;
  if (plainOne === undefined || workerOne === undefined || plainTwo === undefined || workerTwo === undefined) {
    throw new Error("A contender was not measured.");
  }
  const plain = Math.max(plainOne.median, plainTwo.median);
  run.print(`A burst of ${servers.backlog.toLocaleString("en")} decisions; the time runs until the last is committed.`);
  run.table(
    ["", "median rows/s", "spread", "x the best plain inserts", "most MB of a process"],
    measured.map((each) => {
      const megabytes = (servers.memory.get(each.name) ?? []).map((bytes) => bytes / 1024 ** 2);
      const most = megabytes.length === 0 ? "" : Math.max(...megabytes).toFixed(0);
      return [each.name, figure(each.median), spreadOf(each), (each.median / plain).toFixed(2), most];
    }),
  );
  const best = Math.max(workerOne.median, workerTwo.median);
  run.judge(atLeast(best / plain, { what: "stream to table", bound: 0.8, unit: "x plain inserts" }));
  run.judge({
    what: `rows after each burst of ${servers.backlog.toLocaleString("en")}`,
    target: "equal: none lost, none doubled",
    measured: servers.faults.length === 0 ? "equal" : servers.faults.join("; "),
    met: servers.faults.length === 0,
  });
}

function plainContender({ backlog, postgres }: Servers, workers: number): Contender {
  const connections = workers * CONNECTIONS_PER_WORKER;
  return {
    name: `plain inserts, ${connections} connections`,
    run: async () => {
      await empty(postgres);
      // The worker finds its rows in the stream; these are made before the clock starts, too.
      return insertPlainly(postgres, connections, [...new DecisionMaker().batches(backlog, BATCH)]);
    },
  };
}

function workerContender(servers: Servers, workers: number): Contender {
  const { backlog, faults, memory, postgres, redis } = servers;
  const name = `worker, ${workers} process${workers === 1 ? "" : "es"}`;
  return {
    name,
    run: async () => {
      await empty(postgres);
      await enqueue(servers);
      const env = { DATABASE_URL: postgres, REDIS_URL: redis };
      const drained = timeDrain(servers);
      const processes = await Promise.all(Array.from({ length: workers }, () => startWorker({ name, env })));
      const seconds = await drained;
      memory.set(name, [...(memory.get(name) ?? []), ...processes.map(({ pid }) => peakMemoryOf(pid))]);
      await Promise.all(processes.map((process) => process.stop()));
      const rows = await countRows(postgres);
      if (rows !== backlog) faults.push(`${name}: ${rows} rows of ${backlog}`);
      const dead = await servers.stream.deadLetters.size();
      if (dead > 0) faults.push(`${name}: ${dead} dead letters`);
      return backlog / seconds;
    },
  };
}

/** Often enough for the figures, and seldom enough not to take part in them. */
const LOOK_MILLIS = 50;

const ENQUEUED_AT_ONCE = 500;

/** Puts the burst into the stream, as the API does. */
async function enqueue({ backlog, stream }: Servers): Promise<void> {
  const batches = new DecisionMaker().batches(backlog, ENQUEUED_AT_ONCE);
  const producer = async (): Promise<void> => {
    for (const batch of batches) await stream.queue.enqueue(batch);
  };
  await Promise.all([producer(), producer()]);
}

/** Seconds from the first entry that is taken to the last that is acknowledged: the start of the processes does not count. */
async function timeDrain({ backlog, stream }: Servers): Promise<number> {
  const observer = stream.stream("bench-observer");
  let startedAt: number | undefined;
  for (;;) {
    const { pending, unread } = await observer.backlog();
    if (startedAt === undefined && unread < backlog) startedAt = performance.now();
    if (startedAt !== undefined && pending + unread === 0) return (performance.now() - startedAt) / 1_000;
    await sleep(LOOK_MILLIS);
  }
}

async function prepareSchema(url: string): Promise<void> {
  const storage = await openPostgres({ url, logger: SILENT });
  await storage.migrate();
  await storage.partitions.ensureAhead(Date.now() * 1_000 - DAY_MICROS, 3);
  await storage.close();
}

async function empty(url: string): Promise<void> {
  await query(url, "TRUNCATE decisions");
  // Whoever comes next must not pay for what the one before left to be written.
  await query(url, "CHECKPOINT");
}

async function countRows(url: string): Promise<number> {
  const [row] = await query(url, "SELECT count(*) AS rows FROM decisions");
  return Number(row?.["rows"]);
}

async function query(url: string, text: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = new Client(url);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}
