import { preparePostgresReplica, type PreparedReplica } from "@lotty/test-servers/postgres-replica";
import { startRedisCluster, type RedisCluster } from "@lotty/test-servers/redis-cluster";
import type { Fault } from "../fault.ts";
import { clusterBacklog } from "../stage/cluster-streams.ts";
import { ManagedServer } from "../stage/managed-server.ts";
import { compareReports } from "../verdict/compare-reports.ts";
import { atLeast, atMost, exactly } from "../verdict/figure.ts";

interface Extension {
  readonly cluster: RedisCluster;
  readonly replica: PreparedReplica;
}

/** Enough that every node has some. */
const SHARDS = 6;

const AWAY_MILLIS = { full: 12_000, quick: 3_000 };

/** Two APIs and two workers on a Redis Cluster and on Postgres with a replica; a node of the cluster is killed on the way. */
function makeScaledOut(): Fault {
  let extension: Extension | undefined;
  const extended = (): Extension => {
    if (extension === undefined) throw new Error("There is neither a cluster nor a replica.");
    return extension;
  };
  return {
    row: 0,
    name: "scaled-out",
    title: "Redis Cluster of 3 nodes and Postgres with a replica; kill -9 of a node, which comes back",
    // The one Redis of the stage stays idle: the processes are on the cluster.
    stage: {
      route: async (servers, workshop) => {
        const cluster = await startRedisCluster();
        workshop.onEnd(() => cluster.stop());
        const replica = await preparePostgresReplica(servers.databaseUrl);
        const standby = new ManagedServer(replica, workshop.guardian, "SIGQUIT");
        workshop.onEnd(() => standby.remove());
        await standby.start();
        extension = { cluster, replica };
        return servers;
      },
      envOf: () => ({
        REDIS_URL: extended().cluster.urls.join(","),
        REDIS_CLUSTER: "true",
        DECISION_STREAM_SHARDS: String(SHARDS),
        DATABASE_REPLICA_URL: extended().replica.url,
      }),
    },
    async inject({ mark, measure, pause, quick, random, say }) {
      const { cluster } = extended();
      const backlog = await clusterBacklog(cluster.urls);
      measure("nodes with shards of the stream", backlog.filter(({ shards }) => shards > 0).length);
      const victim = random.pick([...cluster.urls.keys()]);
      await cluster.killNode(victim);
      mark();
      say(`node ${String(victim + 1)} of ${String(cluster.urls.length)} is gone`);
      await pause(quick ? AWAY_MILLIS.quick : AWAY_MILLIS.full);
      await cluster.restartNode(victim);
      say("and is back");
    },
    async afterwards({ database, measure, until }) {
      const { cluster, replica } = extended();
      const begin = performance.now();
      await until("the cluster is drained", async () =>
        (await clusterBacklog(cluster.urls)).every(({ entries }) => entries === 0),
      );
      measure("cluster drained after s", (performance.now() - begin) / 1_000);
      await replica.caughtUp();
      const compared = await compareReports(database.url, replica.url);
      measure("decisions in the replica's reports", compared.decisions);
      measure("subjects in the replica's reports", compared.subjects);
      measure("reports that differ from the primary's", compared.differing);
      measure("reports not read from a standby", compared.notFromStandby);
    },
    figures: ({ counts, errorsPercent, measures, recoverySeconds }) => {
      const measured = (name: string): number | null => measures.get(name) ?? null;
      return [
        atLeast("queued through the cluster", counts.acknowledged.queued, 1),
        exactly("nodes with shards of the stream", measured("nodes with shards of the stream"), 3),
        atMost("errors %", errorsPercent, 0.1),
        atMost("recovery s", recoverySeconds, 5),
        exactly("decisions in the replica's reports", measured("decisions in the replica's reports"), counts.rows),
        exactly("reports that differ from the primary's", measured("reports that differ from the primary's"), 0),
        exactly("reports not read from a standby", measured("reports not read from a standby"), 0),
      ];
    },
  };
}

/** The set-up that grows past one machine, with a node of the cluster killed. */
export const scaledOut: Fault = makeScaledOut();
