import type { PGlite } from "@electric-sql/pglite";
import { LottyError } from "@lotty/domain";
import type { SqlConnection, SqlPool, SqlResult, SqlRow, SqlStatement } from "./sql-pool.ts";

interface Waiter {
  readonly grant: () => void;
  readonly refuse: (error: LottyError) => void;
}

/** Longest wait for the one connection. Something waits longer only when a transaction forgot to use its own connection. */
const ACQUIRE_TIMEOUT_MILLIS = 10_000;

/**
 * A pool of one over an embedded PGlite. PGlite is a single session: a statement that slipped in between another's BEGIN
 * and COMMIT would become part of that transaction, so everybody takes turns here.
 */
export class EmbeddedPool implements SqlPool {
  readonly totalCount = 1;
  readonly #database: PGlite;
  readonly #connection: EmbeddedConnection;
  readonly #waiting: Waiter[] = [];
  #busy = false;
  #ended = false;

  constructor(database: PGlite) {
    this.#database = database;
    this.#connection = new EmbeddedConnection(database, () => this.#handOver());
  }

  get idleCount(): number {
    return this.#busy ? 0 : 1;
  }

  get waitingCount(): number {
    return this.#waiting.length;
  }

  async connect(): Promise<SqlConnection> {
    if (this.#ended) throw new LottyError("database_unavailable", "The embedded database is closed");
    if (this.#busy) await this.#turn();
    this.#busy = true;
    return this.#connection;
  }

  /** Lets the current holder and everyone in the queue finish, then closes the database. */
  async end(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#busy) await this.#turn();
    this.#busy = true;
    await this.#database.close();
  }

  #turn(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(
          new LottyError("database_unavailable", "The embedded database was busy for too long", {
            details: { waitedMillis: ACQUIRE_TIMEOUT_MILLIS },
          }),
        );
      }, ACQUIRE_TIMEOUT_MILLIS);
      const waiter: Waiter = {
        grant: () => {
          clearTimeout(timer);
          resolve();
        },
        refuse: reject,
      };
      this.#waiting.push(waiter);
    });
  }

  #handOver(): void {
    const next = this.#waiting.shift();
    if (next === undefined) {
      this.#busy = false;
      return;
    }
    // PGlite works on this thread: without going through the event loop a full queue would starve sockets and timers.
    setImmediate(next.grant);
  }
}

class EmbeddedConnection implements SqlConnection {
  readonly #database: PGlite;
  readonly #onRelease: () => void;

  constructor(database: PGlite, onRelease: () => void) {
    this.#database = database;
    this.#onRelease = onRelease;
  }

  async query({ text, values = [] }: SqlStatement): Promise<SqlResult> {
    // Only the simple protocol takes several statements at once, as migrations send them.
    const result =
      values.length === 0
        ? (await this.#database.exec(text)).at(-1)
        : await this.#database.query<SqlRow>(text, [...values]);
    return { rows: result?.rows ?? [], rowCount: result?.rowCount ?? null, command: result?.command ?? "" };
  }

  release(): void {
    if (!this.#database.isInTransaction()) return this.#onRelease();
    // There is no other connection to take its place: what the holder left open must not become the next one's.
    this.#database.exec("ROLLBACK").then(this.#onRelease, this.#onRelease);
  }
}
