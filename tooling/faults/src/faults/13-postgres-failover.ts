import { preparePostgresReplica } from "@lotty/test-servers/postgres-replica";
import type { Fault } from "../fault.ts";
import { Database } from "../stage/database.ts";
import { ManagedServer } from "../stage/managed-server.ts";
import { SwitchableWay } from "../stage/switchable-way.ts";
import { atMost } from "../verdict/figure.ts";

interface Pair {
  readonly way: SwitchableWay;
  readonly standby: ManagedServer;
}

const AWAY_MILLIS = 3_000;

/** Kills the primary for good and promotes its standby. */
function makePostgresFailover(synchronous: boolean): Fault {
  let pair: Pair | undefined;
  const both = (): Pair => {
    if (pair === undefined) throw new Error("There is no standby.");
    return pair;
  };
  return {
    row: 13,
    name: synchronous ? "postgres-failover" : "postgres-failover-async",
    title: synchronous
      ? "Postgres crashes for good and its standby is promoted; commits wait for the standby"
      : "the same where commits do not wait for the standby, so that some may be lost with the primary",
    stage: {
      route: async (servers, workshop) => {
        const standby = new ManagedServer(
          await preparePostgresReplica(servers.databaseUrl),
          workshop.guardian,
          "SIGQUIT",
        );
        workshop.onEnd(() => standby.remove());
        await standby.start();
        if (synchronous) await waitForStandby(servers.databaseUrl);
        const way = await SwitchableWay.to(servers.databaseUrl);
        workshop.onEnd(() => way.close());
        pair = { way, standby };
        return { ...servers, databaseUrl: way.url };
      },
    },
    async inject({ pause, postgres }) {
      await postgres.stop("SIGQUIT");
      // Whoever decides to promote takes a moment to be sure.
      await pause(AWAY_MILLIS);
    },
    async heal() {
      const { standby, way } = both();
      const promoted = new Database(standby.url);
      try {
        await promoted.query("SELECT pg_promote(true, 30)");
      } finally {
        await promoted.close();
      }
      way.leadTo(standby.url);
    },
    store: () => Promise.resolve(new Database(both().standby.url)),
    // What the primary had not passed on is lost with it, whoever had written it: the API, or the worker from the stream.
    ...(!synchronous && { committedLoss: anyNumber, queuedLoss: anyNumber }),
    figures: ({ recoverySeconds }) => [atMost("recovery s", recoverySeconds, 10)],
  };
}

function anyNumber(): number {
  return Number.POSITIVE_INFINITY;
}

async function waitForStandby(url: string): Promise<void> {
  const primary = new Database(url);
  try {
    await primary.query("ALTER SYSTEM SET synchronous_standby_names = '*'");
    await primary.query("SELECT pg_reload_conf()");
  } finally {
    await primary.close();
  }
}

/** Fails over without loss. */
export const postgresFailover: Fault = makePostgresFailover(true);

/** Fails over to a standby that may be behind. */
export const postgresFailoverAsync: Fault = makePostgresFailover(false);
