import type { Database } from "./database.ts";
import type { Guardian } from "./guardian.ts";

/** What a fault needs to be different. Whatever is left out is as in production. */
export interface StageOptions {
  /** Default: `async`, where both durable and queued answers occur. */
  readonly writeMode?: "sync" | "async";
  /** Settings of every process of Lotty. */
  readonly env?: NodeJS.ProcessEnv;
  /** Settings of single processes, by name: `api-1`, `worker-2`. They win. */
  readonly envOf?: (name: string, workshop: Workshop) => NodeJS.ProcessEnv;
  /** Settings of the Postgres server. */
  readonly postgres?: Readonly<Record<string, string>>;
  /** Settings of the Redis server. */
  readonly redis?: Readonly<Record<string, string>>;
  /** Lays the way from the processes (and the runner's own Redis client) to the servers. */
  readonly route?: (servers: Addresses, workshop: Workshop) => Promise<Addresses>;
  /** Gets ready what must be there before the tables are: called with the server's first database; gives SQL after CREATE DATABASE. */
  readonly beforeDatabase?: (server: Database, workshop: Workshop) => Promise<string>;
  /** Start the servers only; the fault starts the rest. */
  readonly startProcesses?: boolean;
}

/** Where the servers are. */
export interface Addresses {
  readonly databaseUrl: string;
  readonly redisUrl: string;
}

/** Where a fault may put things, and how it makes sure that they go. */
export interface Workshop {
  /** A folder that is removed in the end. */
  readonly folder: string;
  readonly guardian: Guardian;
  /** To be done when the stage is struck, last first, and before folders are removed. */
  onEnd(undo: () => Promise<void> | void): void;
  /** A command that takes back a change to the machine, run even when the runner is killed before the end. */
  undoWith(command: readonly string[]): void;
}
