import type { Cluster, Redis } from "ioredis";
import type { Logger } from "@lotty/domain";
import { addressOf, isCluster } from "./cluster-nodes.ts";
import type { ConnectionRole } from "./connection-options.ts";
import type { RedisClient } from "./redis-client.ts";
import { nodeError, withoutCommand } from "./redis-error.ts";

/** Where the lines go, and whose they are. */
interface Subject {
  readonly logger: Logger;
  readonly role: ConnectionRole;
}

/** One line when the connection comes and one when it goes, however often attempts fail in between. */
export function logOutages(client: RedisClient, logger: Logger, role: ConnectionRole): void {
  logClient(client, { logger, role });
  if (isCluster(client)) logNodes(client, { logger, role });
}

function logClient(client: RedisClient, { logger, role }: Subject): void {
  let told: "nothing" | "up" | "down" = "nothing";
  let latest: Error | undefined;
  const down = (): void => {
    if (told === "down") return;
    told = "down";
    logger.warn("redis_unavailable", { connection: role, error: latest });
  };
  client.on("error", (error: Error) => {
    latest = withoutCommand(nodeError(error));
    if (client.status !== "ready") down();
  });
  client.on("reconnecting", down);
  client.on("ready", () => {
    if (told === "down") logger.info("redis_available", { connection: role });
    told = "up";
    latest = undefined;
  });
}

/** The same for each node that is lost while others are there. */
function logNodes(client: Cluster, { logger, role }: Subject): void {
  const lost = new Set<string>();
  const down = (node: string, error?: Error): void => {
    if (client.status !== "ready" || lost.has(node)) return;
    lost.add(node);
    logger.warn("redis_node_unavailable", { connection: role, node, error: error && withoutCommand(error) });
  };
  client.on("node error", (error: Error, node: string) => down(node, error));
  client.on("-node", (redis: Redis) => down(addressOf(redis)));
  client.on("+node", (redis: Redis) => {
    redis.on("ready", () => {
      const node = addressOf(redis);
      if (lost.delete(node)) logger.info("redis_node_available", { connection: role, node });
    });
  });
}
