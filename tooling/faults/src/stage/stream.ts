import type { Redis } from "ioredis";

/** The decision stream as the processes of Lotty name it by default, with one shard. */
export const STREAM = "lotty:{decisions:0}:stream";

/** Where entries go that can never be written. */
export const DEAD_LETTERS = "lotty:{decisions:0}:dead-letters";

/** The group of the workers. */
export const GROUP = "workers";

/** What waits in the stream. */
export interface StreamState {
  /** All entries that are there. */
  readonly length: number;
  /** Whether the workers' group exists. */
  readonly group: boolean;
  /** Handed to a worker and not acknowledged. */
  readonly pending: number;
}

/** @throws what the client throws while Redis is away */
export async function streamState(redis: Redis): Promise<StreamState> {
  const length = await redis.xlen(STREAM);
  const groups = (await redis.xinfo("GROUPS", STREAM).catch(() => [])) as unknown[][];
  const group = groups.map(pairs).find((fields) => fields.get("name") === GROUP);
  return { length, group: group !== undefined, pending: Number(group?.get("pending") ?? 0) };
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
