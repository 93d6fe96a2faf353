import { readFile } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { planChange, readDefinitions, renderProblem } from "@lotty/definitions";
import { DEFAULT_ENVIRONMENT_ID, MICROS_PER_MILLI } from "@lotty/domain";
import { openEmbedded, openPostgres, type Storage } from "@lotty/persistence";
import pg from "pg";
import { SILENT } from "../silent-logger.ts";

const DEFINITIONS = new URL("definitions.yaml", import.meta.url);

/** Nothing that is asked of the database here takes longer, unless it hangs. */
const QUERY_MILLIS = 60_000;
const CONNECT_MILLIS = 10_000;
const LIMITS = { connectionTimeoutMillis: CONNECT_MILLIS, query_timeout: QUERY_MILLIS };

/** Rows as the driver gives them. */
export type Rows = readonly Readonly<Record<string, unknown>>[];

/** The runner's own connections to the database, to look at it and to get in its way. */
export class Database {
  readonly url: string;
  #pool: pg.Pool | undefined;

  constructor(url: string) {
    this.url = url;
  }

  async query(text: string, values: readonly unknown[] = []): Promise<Rows> {
    this.#pool ??= openPool(this.url);
    const { rows } = await this.#pool.query<Record<string, unknown>>(text, [...values]);
    return rows;
  }

  /** A session of its own, for locks and transactions. The caller ends it. */
  async session(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.url, ...LIMITS });
    client.on("error", () => undefined);
    await client.connect();
    return client;
  }

  /** Lets go of the connections; the next query opens new ones. */
  async close(): Promise<void> {
    const pool = this.#pool;
    this.#pool = undefined;
    await pool?.end();
  }
}

function openPool(url: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: 4, ...LIMITS });
  // Faults break connections; the query in hand learns of it, and nobody else needs to.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}

/** Brings the schema in and writes the flags and experiments that the client asks for. */
export async function writeDefinitions(url: string): Promise<void> {
  await writeInto(await openPostgres({ url, logger: SILENT }));
}

async function writeInto(storage: Storage): Promise<void> {
  const text = await readFile(DEFINITIONS, "utf8");
  const reading = readDefinitions(text, { fileName: DEFINITIONS.pathname });
  if (!reading.ok) throw new Error(reading.problems.map((problem) => renderProblem(problem, text)).join("\n"));
  try {
    await storage.migrate();
    const stored = await storage.configuration.load(DEFAULT_ENVIRONMENT_ID);
    const options = { now: Date.now() * MICROS_PER_MILLI, newId: () => randomUUID() };
    const { change } = planChange(reading.definitions, stored, options);
    await storage.configuration.apply(DEFAULT_ENVIRONMENT_ID, change, stored.revision);
  } finally {
    await storage.close();
  }
}

/** The same for an embedded database, which is made in a directory and let go of again. */
export async function writeEmbeddedDefinitions(directory: string): Promise<void> {
  await writeInto(await openEmbedded({ directory, logger: SILENT }));
}
