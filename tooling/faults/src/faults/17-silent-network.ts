import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Fault, Outcome, Scene } from "../fault.ts";
import { SilentLink } from "../stage/silent-link.ts";
import type { Addresses, Workshop } from "../stage/stage-options.ts";
import { atMost, exactly, type Figure } from "../verdict/figure.ts";

const OUTAGE_MILLIS = 30_000;
const SOCKETS = tmpdir();
const REDIS_SOCKET = join(SOCKETS, `lotty-faults-${String(process.pid)}.redis`);

/** Lays both links; the fault drops one of them. */
async function layLinks(
  { databaseUrl, redisUrl }: Addresses,
  workshop: Workshop,
): Promise<readonly [SilentLink, SilentLink]> {
  workshop.onEnd(() => rmSync(REDIS_SOCKET, { force: true }));
  const postgresSocket = join(SOCKETS, `.s.PGSQL.${new URL(databaseUrl).port}`);
  void redisUrl;
  return [await SilentLink.lay(postgresSocket, 1, workshop), await SilentLink.lay(REDIS_SOCKET, 2, workshop)];
}

function through(url: string, link: SilentLink): string {
  const changed = new URL(url);
  changed.hostname = link.address;
  changed.port = String(link.port);
  return changed.href;
}

/** Drops everything on the way to a server, for 30 s. */
function silence(server: "postgres" | "redis"): Fault {
  let dropped: SilentLink | undefined;
  const link = (): SilentLink => {
    if (dropped === undefined) throw new Error("There is no link.");
    return dropped;
  };
  return {
    row: 17,
    name: `silent-${server}`,
    title: `packets to and from ${server === "redis" ? "Redis" : "Postgres"} vanish for ${String(OUTAGE_MILLIS / 1_000)} s without a word`,
    stage: {
      postgres: { unix_socket_directories: SOCKETS },
      redis: { unixsocket: REDIS_SOCKET, unixsocketperm: "777" },
      route: async (servers, workshop) => {
        const [toPostgres, toRedis] = await layLinks(servers, workshop);
        dropped = server === "redis" ? toRedis : toPostgres;
        return { databaseUrl: through(servers.databaseUrl, toPostgres), redisUrl: through(servers.redisUrl, toRedis) };
      },
    },
    async inject(scene) {
      link().drop();
      await scene.pause(OUTAGE_MILLIS);
    },
    heal: async () => link().restore(),
    watch: measureConsumers,
    figures: (outcome) => figuresOf(server, outcome),
  };
}

/** Seconds until a worker writes again what is in the stream. */
async function measureConsumers({ counted, measure, until, workers }: Scene): Promise<void> {
  const written = (): Promise<number> => counted(workers, "lotty_worker_decisions_written_total");
  const begin = performance.now();
  const before = await written();
  await until("a worker writes again", async () => (await written()) > before);
  measure("consumers resumed after s", (performance.now() - begin) / 1_000);
}

function figuresOf(
  server: "postgres" | "redis",
  { errorsPercent, failures, measures, recoverySeconds }: Outcome,
): readonly Figure[] {
  return [
    atMost("consumers resumed after s", measures.get("consumers resumed after s") ?? null, 15),
    atMost("recovery s", recoverySeconds, 15),
    ...(server === "redis"
      ? [exactly("errors %", errorsPercent, 0)]
      : [
          exactly("failures other than 503", Object.keys(failures).filter((kind) => !kind.startsWith("503")).length, 0),
        ]),
  ];
}

/** The network to Redis is silent. */
export const silentRedis: Fault = silence("redis");

/** The network to Postgres is silent. */
export const silentPostgres: Fault = silence("postgres");
