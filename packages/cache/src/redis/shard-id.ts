/** Where an entry or a dead letter lies. */
export interface ShardPosition {
  readonly shard: number;
  /** Position in the stream of the shard. */
  readonly id: string;
}

/** The id of an entry among all shards. */
export function inShard(shard: number, id: string): string {
  return `${shard}:${id}`;
}

/** Reads what {@link inShard} wrote. Text without a shard belongs to none, -1. */
export function locate(id: string): ShardPosition {
  const colon = id.indexOf(":");
  return colon > 0 ? { shard: Number(id.slice(0, colon)), id: id.slice(colon + 1) } : { shard: -1, id };
}
