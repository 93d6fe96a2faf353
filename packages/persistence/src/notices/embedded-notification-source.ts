import type { PGlite } from "@electric-sql/pglite";
import { guarded } from "../database-error.ts";
import { withConnection, type SqlPool } from "../sql/sql-pool.ts";
import { CHANGE_CHANNEL } from "./change-channel.ts";
import type { NotificationSource } from "./pg-change-notices.ts";

/** Notifications of an embedded database: they stay in the process, like the database. */
export class EmbeddedNotificationSource implements NotificationSource {
  readonly #database: PGlite;
  readonly #pool: SqlPool;
  #unlisten: (() => Promise<void>) | undefined;

  constructor(database: PGlite, pool: SqlPool) {
    this.#database = database;
    this.#pool = pool;
  }

  async start(onPayload: (payload: string) => void): Promise<void> {
    // With the connection in hand: a LISTEN inside somebody's transaction would be undone with it.
    this.#unlisten = await guarded(() =>
      withConnection(this.#pool, () => this.#database.listen(CHANGE_CHANNEL, onPayload)),
    );
  }

  async stop(): Promise<void> {
    const unlisten = this.#unlisten;
    this.#unlisten = undefined;
    if (unlisten !== undefined) await guarded(() => withConnection(this.#pool, () => unlisten()));
  }
}
