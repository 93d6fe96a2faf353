import type { Logger } from "@lotty/domain";
import knex, { type Knex } from "knex";
import { sqlState, type SqlConnection, type SqlPool, type SqlResult, type SqlStatement } from "./sql-pool.ts";

/**
 * A knex that works on a pool it does not own. Its unchanged Postgres dialect serves PGlite as well: all it asks of a
 * connection is `query` with a callback.
 */
export function knexOn(pool: SqlPool, logger: Logger): Knex {
  return knex({
    client: "pg",
    connectionPool: new KnexPool(pool),
    // Knex would write to the console. What it has to say also comes as an error of the call.
    log: {
      debug: (message: unknown) => logger.debug("knex", { message }),
      warn: (message: unknown) => logger.debug("knex", { message }),
      error: (message: unknown) => logger.debug("knex", { message }),
      deprecate: (method: string) => logger.debug("knex", { message: `deprecated: ${method}` }),
    },
  });
}

/** Runs work with a knex on one connection, whose transaction is the caller's. */
export async function withKnexOn<Result>(
  connection: SqlConnection,
  logger: Logger,
  work: (knex: Knex) => Promise<Result>,
): Promise<Result> {
  const lent: SqlConnection = { query: (statement) => connection.query(statement), release: () => undefined };
  const pool = { connect: () => Promise.resolve(lent), end: () => Promise.resolve(), ...COUNTS_OF_ONE };
  const borrowing = knexOn(pool, logger);
  try {
    return await work(borrowing);
  } finally {
    await borrowing.destroy();
  }
}

const COUNTS_OF_ONE = { totalCount: 1, idleCount: 0, waitingCount: 0 };

type QueryCallback = (error: unknown, result?: SqlResult) => void;

/** The pool in the form in which knex takes one. */
class KnexPool {
  readonly #pool: SqlPool;

  constructor(pool: SqlPool) {
    this.#pool = pool;
  }

  get totalCount(): number {
    return this.#pool.totalCount;
  }

  get idleCount(): number {
    return this.#pool.idleCount;
  }

  get waitingCount(): number {
    return this.#pool.waitingCount;
  }

  async connect(): Promise<KnexConnection> {
    return new KnexConnection(await this.#pool.connect());
  }

  end(): Promise<void> {
    return this.#pool.end();
  }
}

/**
 * A connection in the hands of knex. Knex gives every connection back as good; this one remembers when it broke (a statement
 * timed out on the way, say) and is then thrown away instead of harming the next one who gets it.
 */
class KnexConnection {
  readonly #connection: SqlConnection;
  #broken = false;

  constructor(connection: SqlConnection) {
    this.#connection = connection;
  }

  query(statement: SqlStatement | string, callback: QueryCallback): void {
    this.#connection.query(typeof statement === "string" ? { text: statement } : statement).then(
      (result) => callback(null, result),
      (error: unknown) => {
        this.#broken ||= sqlState(error) === undefined;
        callback(error);
      },
    );
  }

  release(destroy = false): void {
    this.#connection.release(destroy || this.#broken);
  }
}
