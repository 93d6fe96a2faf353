import { cpuNanos } from "../cpu-time.ts";
import { percentile } from "../rounds.ts";
import type { ScalingStage } from "./stage.ts";
import { treeCpuSeconds } from "./tree-cpu.ts";

/** What something has cost since the beginning. CPU in seconds. */
interface Meter {
  readonly lotty: number;
  readonly postgres: number;
  readonly redis: number;
  /** This process: the callers of an API, or who fills the stream of a worker. */
  readonly callers: number;
  readonly walBytes: number;
}

/** What one decision costs: processor time in microseconds, and the bytes that replicas must be sent. */
export type Cost = Readonly<Record<"lotty" | "postgres" | "redis" | "callers" | "walBytes", number>>;

/** Reads the meters. `pids` are the processes of Lotty that are measured. */
export async function readMeter({ postgres, query, redis }: ScalingStage, pids: readonly number[]): Promise<Meter> {
  const { bytes } = await query("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 AS bytes");
  return {
    lotty: pids.reduce((sum, pid) => sum + treeCpuSeconds(pid), 0),
    postgres: treeCpuSeconds(postgres.pid),
    redis: treeCpuSeconds(redis.pid),
    callers: cpuNanos() / 1e9,
    walBytes: Number(bytes),
  };
}

/** The cost of a decision between two readings. */
export function costOf(before: Meter, after: Meter, decisions: number): Cost {
  const micros = (role: "lotty" | "postgres" | "redis" | "callers"): number =>
    ((after[role] - before[role]) * 1e6) / decisions;
  return {
    lotty: micros("lotty"),
    postgres: micros("postgres"),
    redis: micros("redis"),
    callers: micros("callers"),
    walBytes: (after.walBytes - before.walBytes) / decisions,
  };
}

/** The medians of some rounds. */
export function medianCost(costs: readonly Cost[]): Cost {
  const median = (role: keyof Cost): number =>
    percentile(
      costs.map((cost) => cost[role]),
      0.5,
    );
  return {
    lotty: median("lotty"),
    postgres: median("postgres"),
    redis: median("redis"),
    callers: median("callers"),
    walBytes: median("walBytes"),
  };
}
