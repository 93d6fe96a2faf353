import type { RedisConnections } from "@lotty/cache";
import type { SnapshotFollower } from "@lotty/decisions";
import type { Storage } from "@lotty/persistence";
import type { CheckResult, HealthCheck } from "../health/health.ts";

const MICROS_PER_SECOND = 1_000_000;

/** After so many polls that found no store the configuration counts as old. */
const MISSED_POLLS = 3;

/** Revision and age of the configuration in use. An old one is still good to decide by. */
export function configurationCheck(follower: SnapshotFollower, pollSeconds: number): HealthCheck {
  return {
    name: "configuration",
    required: true,
    run: () => {
      const { age, revision } = follower;
      if (age === undefined || revision === undefined) return { status: "failing", problem: "not_loaded" };
      const seconds = age / MICROS_PER_SECOND;
      return { status: seconds > pollSeconds * MISSED_POLLS ? "degraded" : "ok", revision, age_seconds: seconds };
    },
  };
}

/** Whether the database answers. Decisions that need no write go on without it. */
export function databaseCheck(storage: Storage): HealthCheck {
  return { name: "database", required: false, run: () => timed(() => storage.ping(), { kind: storage.kind }) };
}

/** Whether Redis answers. Everything goes on without it, slower. */
export function redisCheck(redis: RedisConnections): HealthCheck {
  return { name: "redis", required: false, run: () => timed(() => redis.ping(), {}) };
}

async function timed(ping: () => Promise<void>, facts: Readonly<Record<string, string>>): Promise<CheckResult> {
  const startedAt = performance.now();
  await ping();
  return { status: "ok", ...facts, answered_in_ms: Math.round((performance.now() - startedAt) * 100) / 100 };
}
