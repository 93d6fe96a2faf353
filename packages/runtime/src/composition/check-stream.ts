import type { RedisConnections } from "@lotty/cache";
import type { Config } from "@lotty/config";
import {
  isLottyError,
  LottyError,
  type DecisionQueue,
  type EventQueue,
  type Logger,
  type RecordQueue,
} from "@lotty/domain";
import { UncheckedQueue } from "../resilience/unchecked-queue.ts";
import type { Caches } from "./open-caches.ts";

/** A queue by which a process may answer "queued", if its settings ask for it. */
interface StreamToCheck<Item> {
  readonly queue: RecordQueue<Item> | null;
  readonly redis: RedisConnections | null;
  readonly writeMode: string;
  /** Name of the setting that has the mode. */
  readonly setting: string;
  /** Use a Redis that may lose what it acknowledged. */
  readonly allowUnsafe: boolean;
}

/** Checks the decision stream as {@link checkQueue} does. */
export function checkStream(
  { decisions }: Config,
  { queue, redis }: Pick<Caches, "queue" | "redis">,
  logger: Logger,
): Promise<DecisionQueue | null> {
  const { allowUnsafeStream: allowUnsafe, writeMode } = decisions;
  return checkQueue({ queue, redis, writeMode, allowUnsafe, setting: "DECISION_WRITE_MODE" }, logger);
}

/** Checks the stream of events as {@link checkQueue} does. */
export function checkEventStream(
  { decisions, events }: Config,
  { eventQueue: queue, redis }: Pick<Caches, "eventQueue" | "redis">,
  logger: Logger,
): Promise<EventQueue | null> {
  const { writeMode } = events;
  return checkQueue(
    { queue, redis, writeMode, allowUnsafe: decisions.allowUnsafeStream, setting: "EVENT_WRITE_MODE" },
    logger,
  );
}

/**
 * The queue by which a process may answer "queued": its stream must keep what it acknowledges, and only Redis can tell. While
 * Redis is away nothing is queued, and it is asked as soon as it is there.
 *
 * @throws LottyError `invalid_configuration` when entries may be lost
 */
async function checkQueue<Item>(
  { allowUnsafe, queue, redis, setting, writeMode }: StreamToCheck<Item>,
  logger: Logger,
): Promise<RecordQueue<Item> | null> {
  if (writeMode !== "async") return queue;
  if (redis === null || queue === null) {
    throw new LottyError("invalid_configuration", `${setting}=async needs a stream: set REDIS_URL`);
  }
  if (allowUnsafe) {
    logger.warn("decision_stream_unchecked", { setting: "DECISION_STREAM_ALLOW_UNSAFE_REDIS" });
    return queue;
  }
  const faults = await ask(redis, logger);
  if (faults === undefined) {
    return new UncheckedQueue({ queue, setting, faults: () => redis.durabilityFaults(), logger });
  }
  if (faults.length === 0) return queue;
  throw new LottyError(
    "invalid_configuration",
    `${setting}=async needs a Redis that keeps what it acknowledged. ${faults.join(" ")} ` +
      `Mend that, use ${setting}=sync, or accept the loss with DECISION_STREAM_ALLOW_UNSAFE_REDIS=true.`,
    { details: { setting, faults } },
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
