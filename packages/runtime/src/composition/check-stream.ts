import type { RedisConnections } from "@lotty/cache";
import type { Config } from "@lotty/config";
import { isLottyError, LottyError, type Logger } from "@lotty/domain";

/**
 * Makes sure that a process may answer "queued": the stream must keep what it acknowledged. To find out, Redis has to be
 * reached; a process that cannot ask must not promise, so a start in `async` mode needs Redis, and only the start does.
 *
 * @throws LottyError `invalid_configuration` when entries may be lost, `decision_stream_unavailable` when Redis does not
 * answer
 */
export async function checkStream(config: Config, redis: RedisConnections | null, logger: Logger): Promise<void> {
  if (config.decisions.writeMode !== "async") return;
  if (redis === null) {
    throw new LottyError("invalid_configuration", "DECISION_WRITE_MODE=async needs a decision stream: set REDIS_URL");
  }
  if (config.decisions.allowUnsafeStream) {
    logger.warn("decision_stream_unchecked", { setting: "DECISION_STREAM_ALLOW_UNSAFE_REDIS" });
    return;
  }
  const faults = await ask(redis);
  if (faults.length === 0) return;
  throw new LottyError(
    "invalid_configuration",
    `DECISION_WRITE_MODE=async needs a Redis that keeps what it acknowledged. ${faults.join(" ")} ` +
      "Mend that, use DECISION_WRITE_MODE=sync, or accept the loss with DECISION_STREAM_ALLOW_UNSAFE_REDIS=true.",
    { details: { setting: "DECISION_WRITE_MODE", faults } },
  );
}

async function ask(redis: RedisConnections): Promise<readonly string[]> {
  try {
    return await redis.durabilityFaults();
  } catch (error) {
    if (!isLottyError(error)) throw error;
    throw new LottyError(
      error.code,
      "DECISION_WRITE_MODE=async: Redis at REDIS_URL does not answer, so whether it keeps queued decisions is not known. " +
        "Start Redis, use DECISION_WRITE_MODE=sync, or skip the question with DECISION_STREAM_ALLOW_UNSAFE_REDIS=true.",
      { cause: error },
    );
  }
}
