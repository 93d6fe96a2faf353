import { Redis } from "ioredis";

/** Every shard of the decision stream, on whichever node it is. */
const SHARDS = "lotty:{decisions:*}:stream";

/** What waits in the shards of one node. */
export interface NodeBacklog {
  readonly shards: number;
  /** Entries that no worker has acknowledged: those leave the stream. */
  readonly entries: number;
}

/** @throws what the client throws when a node is away */
export async function clusterBacklog(urls: readonly string[]): Promise<readonly NodeBacklog[]> {
  return Promise.all(urls.map(nodeBacklog));
}

async function nodeBacklog(url: string): Promise<NodeBacklog> {
  const node = new Redis(url, { maxRetriesPerRequest: 0, retryStrategy: () => null });
  // Its commands fail, and that is enough to know.
  node.on("error", () => undefined);
  try {
    const shards = await node.keys(SHARDS);
    const lengths = await Promise.all(shards.map((key) => node.xlen(key)));
    return { shards: shards.length, entries: lengths.reduce((sum, length) => sum + length, 0) };
  } finally {
    node.disconnect();
  }
}
