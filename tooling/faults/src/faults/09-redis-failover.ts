import { prepareRedis } from "@lotty/test-servers/redis";
import { Redis } from "ioredis";
import type { Fault } from "../fault.ts";
import { ManagedServer } from "../stage/managed-server.ts";
import { SwitchableWay } from "../stage/switchable-way.ts";
import { atMost } from "../verdict/figure.ts";
import { secondsUntilQueued } from "./queued-again.ts";

interface Pair {
  readonly way: SwitchableWay;
  readonly replica: ManagedServer;
}

/** Makes the replica the primary and the primary a replica, which refuses writes from then on. */
function makeRedisFailover(): Fault {
  let pair: Pair | undefined;
  return {
    row: 9,
    name: "redis-failover",
    title: "Redis fails over to its replica; the old primary stays and is read-only",
    stage: {
      route: async (servers, workshop) => {
        const replica = new ManagedServer(await prepareRedis(), workshop.guardian, "SIGKILL");
        workshop.onEnd(() => replica.remove());
        await replica.start();
        const way = await SwitchableWay.to(servers.redisUrl);
        workshop.onEnd(() => way.close());
        pair = { way, replica };
        return { ...servers, redisUrl: way.url };
      },
    },
    async inject({ mark, redis, until }) {
      if (pair === undefined) throw new Error("There is no replica.");
      const primary = new Redis(redis.url);
      const replica = new Redis(pair.replica.url);
      try {
        const { hostname, port } = new URL(redis.url);
        await replica.replicaof(hostname, Number(port));
        await until("the replica is in step", async () =>
          /master_link_status:up/.test(await replica.info("replication")),
        );
        const { hostname: newHost, port: newPort } = new URL(pair.replica.url);
        // Replication is asynchronous: what was written within this moment may be lost.
        await replica.replicaof("NO", "ONE");
        pair.way.leadTo(pair.replica.url);
        await primary.replicaof(newHost, Number(newPort));
        mark();
      } finally {
        primary.disconnect();
        replica.disconnect();
      }
    },
    queuedLoss: () => Number.POSITIVE_INFINITY,
    figures: (outcome) => [
      atMost("recovery s", outcome.recoverySeconds, 5),
      atMost("async again after s", secondsUntilQueued(outcome), 5),
    ],
  };
}

/** Redis fails over. */
export const redisFailover: Fault = makeRedisFailover();
