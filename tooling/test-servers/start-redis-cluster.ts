import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { endWithUs } from "./end-with-us.ts";
import { freePort } from "./free-port.ts";
import type { DataPlace } from "./scratch-directory.ts";
import type { PreparedServer, ReadyProcess } from "./server-process.ts";
import { prepareRedis } from "./start-redis.ts";

/** Settings of {@link startRedisCluster}. */
export interface RedisClusterOptions {
  /** Nodes that hold slots. Default 3, the fewest that a cluster can have. */
  readonly masters?: number;
  /** Replicas of each master, which take over when it is gone. Default 0. */
  readonly replicasPerMaster?: number;
  /** After how long without an answer a node counts as gone, in milliseconds. Default 1,000. */
  readonly nodeTimeoutMillis?: number;
  /** Settings of all nodes that differ from the usual ones, by their names in redis.conf. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Where their data goes. Default: in memory where there is room. */
  readonly place?: DataPlace;
}

/** A cluster that runs. It ends with the process that started it, however that ends. */
export interface RedisCluster {
  /** Address of each node: the masters, then the replicas (the first of each master, then the second, ...). */
  readonly urls: readonly string[];
  /** Ends a node without a warning (SIGKILL). Returns when it has ended. */
  killNode(index: number): Promise<void>;
  /** Starts a node that was ended on what it left. Returns when it is a working member again. */
  restartNode(index: number): Promise<void>;
  /** Ends all nodes and removes their files. */
  stop(): Promise<void>;
}

const SLOTS = 16_384;

/** A cluster of three forms in about two seconds; the rest is for busy machines. */
const FORMED_WITHIN_MILLIS = 30_000;

interface Node {
  readonly server: PreparedServer;
  readonly port: number;
  readonly busPort: number;
  running: { readonly process: ReadyProcess; readonly letBe: () => void } | undefined;
}

/**
 * Starts a Redis Cluster of our own on free ports, set up as production must be: append-only files on, no eviction, and slots
 * that are there go on when others are not.
 *
 * @throws Error when no Redis is to be found, or the cluster does not form
 */
export async function startRedisCluster(options: RedisClusterOptions = {}): Promise<RedisCluster> {
  const { masters = 3, replicasPerMaster = 0 } = options;
  const nodes: Node[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => endNode(node, "SIGKILL")));
    for (const { server } of nodes) server.remove();
  };
  try {
    // One after the other, so that no two get the same free port.
    while (nodes.length < masters * (1 + replicasPerMaster)) nodes.push(await prepareNode(options));
    await Promise.all(nodes.map(startNode));
    await form(nodes, masters);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    urls: nodes.map(({ server }) => server.url),
    killNode: (index) => endNode(nodeAt(nodes, index), "SIGKILL"),
    restartNode: async (index) => {
      await startNode(nodeAt(nodes, index));
      await settled(nodes.filter(({ running }) => running !== undefined));
    },
    stop,
  };
}

async function prepareNode({ nodeTimeoutMillis = 1_000, settings, place }: RedisClusterOptions): Promise<Node> {
  // Of its own, because the usual one, 10,000 above the other, may be none.
  const busPort = await freePort();
  const changes = {
    "cluster-enabled": "yes",
    "cluster-port": String(busPort),
    "cluster-node-timeout": String(nodeTimeoutMillis),
    "cluster-require-full-coverage": "no",
    ...settings,
  };
  const server = await prepareRedis(changes, place);
  return { server, port: Number(new URL(server.url).port), busPort, running: undefined };
}

async function startNode(node: Node): Promise<void> {
  if (node.running !== undefined) throw new Error(`The node at ${node.server.url} runs already.`);
  const process = await node.server.start();
  node.running = { process, letBe: endWithUs(process.pid) };
}

async function endNode(node: Node, signal: NodeJS.Signals): Promise<void> {
  const { running } = node;
  node.running = undefined;
  await running?.process.stop(signal);
  running?.letBe();
}

async function form(nodes: readonly Node[], masters: number): Promise<void> {
  const clients = await Promise.all(nodes.map(connect));
  try {
    await Promise.all(clients.map((client, index) => client.call("CLUSTER", "SET-CONFIG-EPOCH", index + 1)));
    await Promise.all(clients.slice(0, masters).map((client, index) => takeSlots(client, index, masters)));
    // Each meets all others, which is quicker than to wait until word gets about.
    for (const client of clients) {
      for (const { port, busPort } of nodes) await client.call("CLUSTER", "MEET", "127.0.0.1", port, busPort);
    }
    const leaders = await Promise.all(clients.slice(0, masters).map((client) => client.call("CLUSTER", "MYID")));
    await settled(nodes.slice(0, masters));
    await Promise.all(clients.slice(masters).map((client, index) => follow(client, String(leaders[index % masters]))));
    await settled(nodes);
  } finally {
    for (const client of clients) client.disconnect();
  }
}

async function takeSlots(client: Redis, index: number, masters: number): Promise<void> {
  const first = Math.floor((SLOTS * index) / masters);
  const last = Math.floor((SLOTS * (index + 1)) / masters) - 1;
  await client.call("CLUSTER", "ADDSLOTSRANGE", first, last);
}

async function follow(client: Redis, leader: string): Promise<void> {
  await eventually(`a replica knows ${leader}`, async () => {
    await client.call("CLUSTER", "REPLICATE", leader);
    return true;
  });
  await eventually(`a replica has caught up with ${leader}`, async () =>
    (await client.info("replication")).includes("master_link_status:up"),
  );
}

/** Waits until every one of these nodes finds the cluster in order and all of these nodes in it. */
async function settled(nodes: readonly Node[]): Promise<void> {
  await Promise.all(
    nodes.map(async (node) => {
      const client = await connect(node);
      try {
        await eventually(`the node at ${node.server.url} finds the others in order`, () => seesInOrder(client, nodes));
      } finally {
        client.disconnect();
      }
    }),
  );
}

async function seesInOrder(client: Redis, nodes: readonly Node[]): Promise<boolean> {
  if (!String(await client.call("CLUSTER", "INFO")).includes("cluster_state:ok")) return false;
  // id, address, flags, master, ...
  const members = String(await client.call("CLUSTER", "NODES"))
    .split("\n")
    .map((line) => line.split(" "));
  return nodes.every(({ port }) =>
    members.some(
      ([, address = "", flags = ""]) => address.includes(`:${String(port)}@`) && !/fail|handshake|noaddr/.test(flags),
    ),
  );
}

async function eventually(what: string, isTrue: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + FORMED_WITHIN_MILLIS;
  let latest: unknown;
  while (performance.now() < end) {
    try {
      if (await isTrue()) return;
    } catch (error) {
      latest = error;
    }
    await sleep(50);
  }
  throw new Error(`The Redis Cluster did not get there in time: ${what}.`, { cause: latest });
}

async function connect({ server }: Node): Promise<Redis> {
  const client = new Redis(server.url, { retryStrategy: () => 50 });
  client.on("error", () => undefined);
  await once(client, "ready");
  return client;
}

function nodeAt(nodes: readonly Node[], index: number): Node {
  const node = nodes[index];
  if (node === undefined) throw new RangeError(`There is no node ${String(index)} of ${String(nodes.length)}.`);
  return node;
}
