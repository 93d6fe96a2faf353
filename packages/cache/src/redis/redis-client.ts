import { Cluster, Redis } from "ioredis";
import { clusterOptions, connectionOptions, type ConnectionRole, type ServerSettings } from "./connection-options.ts";
import { nodeError } from "./redis-error.ts";

/** What runs commands: a connection to the only server, or those to the nodes of a cluster. */
export type RedisClient = Redis | Cluster;

/** A name for the server that has a slot, as far as the client knows. */
export function serverOf(client: RedisClient, slot: number): string {
  return client instanceof Cluster ? (client.slots[slot]?.[0] ?? "") : "";
}

/** Makes a client that does not connect yet. */
export function createClient(settings: ServerSettings, role: ConnectionRole): RedisClient {
  return settings.cluster
    ? new PromptCluster(settings, role)
    : new Redis(settings.urls[0], connectionOptions(settings, role));
}

/**
 * A cluster client that lets nothing queue up while the cluster as a whole is away. Commands for a node that is just being
 * connected to wait for that: otherwise all but the first would fail whenever a node is new to the client.
 */
class PromptCluster extends Cluster {
  #fault = "no node has answered yet";

  constructor(settings: ServerSettings, role: ConnectionRole) {
    super(startupNodes(settings.urls), clusterOptions(settings, role));
    this.on("error", (error: Error) => (this.#fault = nodeError(error).message));
  }

  override sendCommand(...given: Parameters<Cluster["sendCommand"]>): unknown {
    const [command] = given;
    // Asking after the state of the cluster is how the client becomes ready.
    if (this.status === "ready" || command.name === "cluster") return super.sendCommand(...given);
    command.reject(new Error(`The cluster is away: ${this.#fault}`));
    return command.promise;
  }
}

/** Nodes that name no user are reached like the first one. */
function startupNodes(urls: ServerSettings["urls"]): { readonly host: string; readonly port: number }[] {
  return urls.map((text) => {
    const { hostname, port } = new URL(text);
    // IPv6 addresses stand in brackets in URLs and nowhere else.
    return { host: hostname.replace(/^\[|\]$/g, ""), port: port === "" ? 6_379 : Number(port) };
  });
}
