import type { ChainableCommander, Redis } from "ioredis";

/** The decision stream as the processes of Lotty name it by default, with one shard. */
export const STREAM = "lotty:{decisions:0}:stream";

/** What is done of it, and how many decisions its entries hold beyond one each. */
const PROGRESS = "lotty:{decisions:0}:progress";

/** Where decisions go that can never be written. */
export const DEAD_LETTERS = "lotty:{decisions:0}:dead-letters";

/** The stream of events as the processes name it. */
const EVENT_STREAM = "lotty:{decisions:0}:events:stream";

/** The group of the workers. */
export const GROUP = "workers";

/** What waits in the stream. */
export interface StreamState {
  /** All decisions that are there. */
  readonly length: number;
  /** Whether the workers' group exists. */
  readonly group: boolean;
  /** Entries that were handed to a worker and not acknowledged. */
  readonly pending: number;
}

/** @throws what the client throws while Redis is away */
export async function streamState(redis: Redis): Promise<StreamState> {
  const length = (await askForLength(redis).exec())?.map(([, reply]) => reply) ?? [];
  const group = await groupOf(redis, STREAM);
  return { length: lengthIn(length), group: group !== undefined, pending: Number(group?.get("pending") ?? 0) };
}

/**
 * What waits in the stream of events: entries, which leave it when all that they hold is acknowledged.
 *
 * @throws what the client throws while Redis is away
 */
export async function eventStreamState(redis: Redis): Promise<Omit<StreamState, "group">> {
  const length = await redis.xlen(EVENT_STREAM);
  return { length, pending: Number((await groupOf(redis, EVENT_STREAM))?.get("pending") ?? 0) };
}

async function groupOf(redis: Redis, stream: string): Promise<ReadonlyMap<string, unknown> | undefined> {
  const groups = (await redis.xinfo("GROUPS", stream).catch(() => [])) as unknown[][];
  return groups.map(pairs).find((fields) => fields.get("name") === GROUP);
}

/** Adds the questions to which {@link lengthIn} has the answer, to be asked in one step. */
export function askForLength(redis: Redis): ChainableCommander {
  return redis.multi().xlen(STREAM).xrange(STREAM, "-", "+", "COUNT", 1).hget(PROGRESS, "appended");
}

/** How many decisions the entries hold: the first one tells what was appended before it. */
export function lengthIn([entries, first, appended]: readonly unknown[]): number {
  const fields = (first as [string, string[]][])[0]?.[1] ?? [];
  const before = fields[fields.indexOf("b") + 1];
  return Number(entries) + (fields.includes("b") ? Number(appended ?? 0) - Number(before) : 0);
}

/** Entries in the hands of each consumer, by its name. */
export async function pendingByConsumer(redis: Redis): Promise<ReadonlyMap<string, number>> {
  const consumers = (await redis.xinfo("CONSUMERS", STREAM, GROUP).catch(() => [])) as unknown[][];
  return new Map(consumers.map(pairs).map((fields) => [String(fields.get("name")), Number(fields.get("pending"))]));
}

function pairs(flat: readonly unknown[]): ReadonlyMap<string, unknown> {
  const fields = new Map<string, unknown>();
  for (let index = 0; index + 1 < flat.length; index += 2) fields.set(String(flat[index]), flat[index + 1]);
  return fields;
}
