import type { RedisConnections } from "@lotty/cache";
import type { Config } from "@lotty/config";
import { isLottyError, LottyError, type DecisionQueue, type Logger } from "@lotty/domain";
import { UncheckedQueue } from "../resilience/unchecked-queue.ts";
import type { Caches } from "./open-caches.ts";

/**
 * The queue by which a process may answer "queued": its stream must keep what it acknowledges, and only Redis can tell. While
 * Redis is away nothing is queued, and it is asked as soon as it is there.
 *
 * @throws LottyError `invalid_configuration` when entries may be lost
 */
export async function checkStream(
  config: Config,
  { queue, redis }: Pick<Caches, "queue" | "redis">,
  logger: Logger,
): Promise<DecisionQueue | null> {
  if (config.decisions.writeMode !== "async") return queue;
  if (redis === null || queue === null) {
    throw new LottyError("invalid_configuration", "DECISION_WRITE_MODE=async needs a decision stream: set REDIS_URL");
  }
  if (config.decisions.allowUnsafeStream) {
    logger.warn("decision_stream_unchecked", { setting: "DECISION_STREAM_ALLOW_UNSAFE_REDIS" });
    return queue;
  }
  const faults = await ask(redis, logger);
  if (faults === undefined) return new UncheckedQueue({ queue, faults: () => redis.durabilityFaults(), logger });
  if (faults.length === 0) return queue;
  throw new LottyError(
    "invalid_configuration",
    `DECISION_WRITE_MODE=async needs a Redis that keeps what it acknowledged. ${faults.join(" ")} ` +
      "Mend that, use DECISION_WRITE_MODE=sync, or accept the loss with DECISION_STREAM_ALLOW_UNSAFE_REDIS=true.",
    { details: { setting: "DECISION_WRITE_MODE", faults } },
  );
}

/** `undefined` when Redis does not answer. */
async function ask(redis: RedisConnections, logger: Logger): Promise<readonly string[] | undefined> {
  try {
    return await redis.durabilityFaults();
  } catch (error) {
    if (!isLottyError(error) || !error.retryable) throw error;
    logger.warn("decision_stream_not_reached", { error });
    return undefined;
  }
}
