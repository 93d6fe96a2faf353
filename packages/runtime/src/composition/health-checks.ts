import type { RedisConnections } from "@lotty/cache";
import type { FollowedEnvironments, SnapshotFollower } from "@lotty/decisions";
import type { Clock } from "@lotty/domain";
import type { Storage } from "@lotty/persistence";
import type { CheckResult, HealthCheck } from "../health/health.ts";
import type { EventOutageParts, OutageParts } from "./runtime.ts";

const MICROS_PER_SECOND = 1_000_000;

/** After so many polls that found no store the configuration counts as old. */
const MISSED_POLLS = 3;

/**
 * Revision, age and source of the configuration in use, and which other environments have an old one or none. An old one is still
 * good to decide by.
 */
export function configurationCheck(environments: FollowedEnvironments, pollSeconds: number): HealthCheck {
  return {
    name: "configuration",
    required: true,
    run: () => {
      const production = stateOf(environments.production, pollSeconds);
      const old = [...environments.followers()].filter(
        ([, follower]) => follower !== environments.production && stateOf(follower, pollSeconds).status !== "ok",
      );
      if (production.status === "failing" || old.length === 0) return production;
      return { ...production, status: "degraded", not_current: old.map(([key]) => key).join(", ") };
    },
  };
}

function stateOf({ age, origin, revision }: SnapshotFollower, pollSeconds: number): CheckResult {
  if (age === undefined || revision === undefined) return { status: "failing", problem: "not_loaded" };
  const seconds = age / MICROS_PER_SECOND;
  const isCurrent = origin === "store" && seconds <= pollSeconds * MISSED_POLLS;
  const source = origin === "store" ? "database" : "disk";
  return { status: isCurrent ? "ok" : "degraded", revision, age_seconds: seconds, source };
}

/** Whether the database answers. Decisions that need no write go on without it. */
export function databaseCheck(storage: Storage): HealthCheck {
  return { name: "database", required: false, run: () => timed(() => storage.ping(), { kind: storage.kind }) };
}

/** What waits in a spool. While something does, the process serves, but what it answers is degraded. */
export function spoolCheck(
  name: "spool" | "event_spool",
  { spool, spooling }: OutageParts | EventOutageParts,
  clock: Clock,
): HealthCheck {
  return {
    name,
    required: false,
    run: () => {
      const { rows, bytes, oldest, setAside } = spool.size();
      return {
        status: spooling.state === "closed" && setAside === 0 ? "ok" : "degraded",
        database: spooling.state === "open" ? "away" : "in_use",
        rows,
        bytes,
        oldest_seconds: oldest === null ? null : Math.max(0, clock.now() - oldest) / MICROS_PER_SECOND,
        set_aside: setAside,
      };
    },
  };
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
