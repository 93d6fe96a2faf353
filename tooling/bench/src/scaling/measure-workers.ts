import { setTimeout as sleep } from "node:timers/promises";
import { openRedis, type RedisConnections } from "@lotty/cache";
import { figure, type BenchRun } from "../bench.ts";
import { measureInRounds, spreadOf, type Contender } from "../rounds.ts";
import { startWorker, type ServerProcess } from "../servers/server-processes.ts";
import { SILENT } from "../silent-logger.ts";
import { DecisionMaker } from "../worker/make-decisions.ts";
import { costOf, medianCost, readMeter, type Cost } from "./cost.ts";
import { redisMemory } from "./redis-memory.ts";
import type { ScalingStage } from "./stage.ts";
import { treeCpuSeconds } from "./tree-cpu.ts";

/** Of a backlog of queued decisions. */
interface Burst {
  readonly stage: ScalingStage;
  readonly stream: RedisConnections;
  readonly maker: DecisionMaker;
  readonly size: number;
  /** Bytes of Redis for one queued decision, of each round. */
  readonly redisBytes: number[];
  /** Processor time that a worker takes to start. */
  readonly startSeconds: number;
}

const ENQUEUED_AT_ONCE = 500;
const LOOK_MILLIS = 10;
const SETTLING_MILLIS = 1_000;

/** Measures one worker and two on the same backlog, in alternating rounds. */
export async function measureWorkers(run: BenchRun, stage: ScalingStage): Promise<void> {
  const size = run.quick ? 20_000 : 200_000;
  const stream = await openRedis({ url: stage.redis.url, logger: SILENT, streamMaxLength: 2 * size });
  try {
    // What the APIs have queued is another matter.
    await waitUntilEmpty(stage, stream);
    const startSeconds = await measureStart(stage);
    const burst = { stage, stream, maker: new DecisionMaker(), size, redisBytes: [], startSeconds };
    await compare(run, burst);
  } finally {
    await stream.close();
  }
}

async function compare(run: BenchRun, burst: Burst): Promise<void> {
  const rounds = run.quick ? 1 : 3;
  const costs = new Map<string, Cost[]>();
  const contenders = [1, 2].map((count): Contender => {
    const name = `${count} worker process${count === 1 ? "" : "es"}`;
    return {
      name,
      run: async () => {
        const { cost, rate } = await drainBurst(burst, count);
        costs.set(name, [...(costs.get(name) ?? []), cost]);
        return rate;
      },
    };
  });
  const measured = await measureInRounds(contenders, rounds);
  run.print(`**From the stream to the table**, a backlog of ${burst.size.toLocaleString("en")}, ${rounds} rounds:`);
  run.table(
    ["", "decisions/s", "spread", "CPU µs: worker", "Postgres", "Redis", "worker cores at 100,000/s", "WAL bytes"],
    measured.map((each) => {
      const cost = medianCost(costs.get(each.name) ?? []);
      return [
        each.name,
        figure(each.median),
        spreadOf(each),
        ...[cost.lotty, cost.postgres, cost.redis].map((micros) => micros.toFixed(1)),
        (cost.lotty / 10).toFixed(1),
        cost.walBytes.toFixed(0),
      ];
    }),
  );
  const bytes = Math.max(...burst.redisBytes);
  run.print(`A queued decision takes ${bytes.toFixed(0)} bytes of Redis' memory until it is in the table.`);
}

async function drainBurst(burst: Burst, count: number): Promise<{ readonly rate: number; readonly cost: Cost }> {
  const { maker, redisBytes, size, stage, startSeconds, stream } = burst;
  const empty = await redisMemory(stage.redis.url);
  for (let left = size; left > 0; left -= ENQUEUED_AT_ONCE) {
    await stream.queue.enqueue(maker.make(Math.min(left, ENQUEUED_AT_ONCE)));
  }
  redisBytes.push(((await redisMemory(stage.redis.url)) - empty) / size);
  await stage.query("CHECKPOINT");
  const before = await readMeter(stage, []);
  const drained = timeDrain(burst);
  const workers = await Promise.all(Array.from({ length: count }, () => start(stage)));
  const seconds = await drained;
  const pids = workers.map(({ pid }) => pid);
  const after = await readMeter(stage, pids);
  for (const worker of workers) await worker.stop();
  const lotty = after.lotty - count * startSeconds;
  return { rate: size / seconds, cost: costOf(before, { ...after, lotty }, size) };
}

/** Seconds from the first decision that is taken to the last that is acknowledged. */
async function timeDrain({ size, stream }: Burst): Promise<number> {
  const observer = stream.stream("bench-observer");
  let startedAt: number | undefined;
  for (;;) {
    const { pending, unread } = await observer.backlog();
    if (startedAt === undefined && unread < size) startedAt = performance.now();
    if (startedAt !== undefined && pending + unread === 0) return (performance.now() - startedAt) / 1_000;
    await sleep(LOOK_MILLIS);
  }
}

async function waitUntilEmpty(stage: ScalingStage, stream: RedisConnections): Promise<void> {
  const worker = await start(stage);
  const observer = stream.stream("bench-observer");
  for (let left = 1; left > 0; await sleep(LOOK_MILLIS)) {
    const { pending, unread } = await observer.backlog();
    left = pending + unread;
  }
  await worker.stop();
}

/** Processor time of a worker that has nothing to do, until it has come to rest. */
async function measureStart(stage: ScalingStage): Promise<number> {
  const worker = await start(stage);
  await sleep(SETTLING_MILLIS);
  const seconds = treeCpuSeconds(worker.pid);
  await worker.stop();
  return seconds;
}

function start({ postgres, redis }: ScalingStage): Promise<ServerProcess> {
  return startWorker({ name: "worker", env: { DATABASE_URL: postgres.url, REDIS_URL: redis.url } });
}
