import type { Config } from "@lotty/config";
import type { Logger } from "@lotty/domain";
import { openCaches } from "@lotty/runtime";
import { localClock } from "../sources/local-ports.ts";
import type { Check } from "./check.ts";

/** Looks at Redis: whether it answers, and whether it keeps what it acknowledges. */
export async function redisChecks(config: Config, logger: Logger): Promise<readonly Check[]> {
  const { redis } = await openCaches(config, { clock: localClock, logger });
  if (redis === null) return [{ name: "redis", status: "ok", message: "not used: REDIS_URL is not set" }];
  const needed = config.decisions.writeMode === "async";
  try {
    const startedAt = performance.now();
    await redis.ping();
    const millis = (performance.now() - startedAt).toFixed(1);
    const { description, doubts } = await redis.layout();
    const faults = await redis.durabilityFaults();
    return [
      { name: "redis", status: "ok", message: `answers in ${millis} ms: ${description}` },
      ...doubts.map((doubt): Check => ({ name: "redis", status: "warn", message: doubt })),
      ...faults.map((fault): Check => ({
        name: "redis durability",
        status: needed && !config.decisions.allowUnsafeStream ? "fail" : "warn",
        message: fault,
        advice: needed
          ? "Queued decisions could be lost: change the setting of Redis, or use DECISION_WRITE_MODE=sync."
          : "It matters with DECISION_WRITE_MODE=async only.",
      })),
      ...(faults.length === 0
        ? [{ name: "redis durability", status: "ok", message: "keeps what it acknowledges" } as const]
        : []),
    ];
  } catch (error) {
    const message = describe(error);
    const advice = needed
      ? "Look at REDIS_URL: decisions are written synchronously while Redis is away, and the API does not start."
      : "Look at REDIS_URL. Everything goes on without Redis, slower.";
    return [{ name: "redis", status: needed ? "fail" : "warn", message, advice }];
  } finally {
    await redis.close();
  }
}

/** With what Redis itself said, or what became of the connection. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}
