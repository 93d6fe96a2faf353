import type { ChangeNotice, ChangeNotices, Logger } from "@lotty/domain";
import { guarded } from "../database-error.ts";
import { runStatement, type SqlPool } from "../sql/sql-pool.ts";
import { CHANGE_CHANNEL, decodeNotice, encodeNotice } from "./change-channel.ts";

/** Where notifications come from. */
export interface NotificationSource {
  /**
   * Starts to listen; `onPayload` is called for every notification from the moment this resolves.
   *
   * @throws LottyError `database_unavailable`
   */
  start(onPayload: (payload: string) => void): Promise<void>;
  /** Stops listening. It may be started again. */
  stop(): Promise<void>;
}

type Listener = (notice: ChangeNotice) => void;

/** Change notices by LISTEN and NOTIFY. All subscribers of a process share one listening session. */
export class PgChangeNotices implements ChangeNotices {
  readonly #pool: SqlPool;
  readonly #source: NotificationSource;
  readonly #logger: Logger;
  readonly #listeners = new Set<Listener>();
  /** Starting and stopping happen one after the other, in the order in which they are asked for. */
  #switching: Promise<void> = Promise.resolve();
  #started = false;

  constructor(pool: SqlPool, source: NotificationSource, logger: Logger) {
    this.#pool = pool;
    this.#source = source;
    this.#logger = logger;
  }

  async publish(notice: ChangeNotice): Promise<void> {
    const values = [CHANGE_CHANNEL, encodeNotice(notice)];
    await guarded(() => runStatement(this.#pool, { text: "SELECT pg_notify($1, $2)", values }));
  }

  async subscribe(listener: Listener): Promise<() => Promise<void>> {
    // A function of its own per subscription: the same listener may subscribe twice.
    const own: Listener = (notice) => listener(notice);
    this.#listeners.add(own);
    try {
      await this.#switch();
    } catch (error) {
      this.#listeners.delete(own);
      throw error;
    }
    return async () => {
      this.#listeners.delete(own);
      await this.#switch();
    };
  }

  /** Drops all subscribers and stops listening. */
  close(): Promise<void> {
    this.#listeners.clear();
    return this.#switch();
  }

  /** Listens when somebody wants to hear and stops when nobody does. */
  #switch(): Promise<void> {
    const next = this.#switching.then(async () => {
      const wanted = this.#listeners.size > 0;
      if (wanted === this.#started) return;
      if (wanted) await this.#source.start((payload) => this.#deliver(payload));
      else await this.#source.stop();
      this.#started = wanted;
    });
    this.#switching = next.catch(() => undefined);
    return next;
  }

  #deliver(payload: string): void {
    const notice = decodeNotice(payload);
    if (notice === undefined) return;
    for (const listener of this.#listeners) {
      try {
        listener(notice);
      } catch (error) {
        this.#logger.error("change_notice_listener_failed", { error });
      }
    }
  }
}
