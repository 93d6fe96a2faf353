import type { Redis } from "ioredis";
import { addressOf, isCluster, mastersOf } from "./cluster-nodes.ts";
import type { ShardKeys } from "./keys.ts";
import { cacheUnavailable } from "./redis-error.ts";
import type { RedisConnection } from "./redis-connection.ts";

/** How Redis is set up, for people. */
export interface ServerLayout {
  /** Such as "one server", or how many nodes there are and how the stream is spread over them. */
  readonly description: string;
  /** What is probably not meant, one sentence each with what to do. */
  readonly doubts: readonly string[];
}

/**
 * Looks at how Redis is set up.
 *
 * @throws LottyError `cache_unavailable` when it, or a node with slots, does not answer
 */
export async function serverLayout(connection: RedisConnection, shards: readonly ShardKeys[]): Promise<ServerLayout> {
  const client = await connection.client();
  try {
    if (!isCluster(client)) return { description: "one server", doubts: [] };
    const masters = await mastersOf(client);
    const replicas = client.nodes("slave").length;
    const loads = masters.map((node) => {
      const address = addressOf(node);
      return shards.filter(({ slot }) => connection.serverOf(slot) === address).length;
    });
    const cautious = (await Promise.all(masters.map(needsAll))).includes(true);
    return {
      description: `a cluster of ${count(masters.length, "master")} and ${count(replicas, "replica")}; shards of the stream on each: ${loads.join(", ")}`,
      doubts: [...(cautious ? [NEEDS_ALL] : []), ...unevenness(loads)],
    };
  } catch (error) {
    throw cacheUnavailable("looking at the server", error);
  }
}

const NEEDS_ALL =
  "cluster-require-full-coverage is yes: while one master is away and not replaced, the others refuse as well. Set it to no.";

/** `undefined` where the server does not tell. */
async function needsAll(node: Redis): Promise<boolean | undefined> {
  const reply: unknown = await node.config("GET", "cluster-require-full-coverage").catch(() => undefined);
  return Array.isArray(reply) ? reply[1] === "yes" : undefined;
}

function unevenness(loads: readonly number[]): readonly string[] {
  const idle = loads.filter((load) => load === 0).length;
  if (idle === 0) return [];
  return [
    `${count(idle, "master")} of ${loads.length} have no part of the decision stream. Set DECISION_STREAM_SHARDS to two to four times the number of masters, the same for every process.`,
  ];
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
