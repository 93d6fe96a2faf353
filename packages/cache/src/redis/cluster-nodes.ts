import { Cluster, type Redis } from "ioredis";
import type { RedisClient } from "./redis-client.ts";

/** Whether a client speaks to a cluster. */
export function isCluster(client: RedisClient): client is Cluster {
  return client instanceof Cluster;
}

/** Where a node is, as the cluster calls it. */
export function addressOf(node: Redis): string {
  return `${node.options.host}:${node.options.port}`;
}

/**
 * Every node that has slots.
 *
 * @throws Error when the cluster or one of them is away
 */
export async function mastersOf(cluster: Cluster): Promise<readonly Redis[]> {
  // Fails when the cluster is away.
  await cluster.ping();
  const known = new Map(cluster.nodes("master").map((node) => [addressOf(node), node]));
  return [...new Set(cluster.slots.flatMap(([owner]) => owner ?? []))].map((address) => {
    const node = known.get(address);
    if (node === undefined) throw new Error(`The node at ${address} is away.`);
    return node;
  });
}
