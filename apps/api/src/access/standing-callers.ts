import type { IncomingMessage } from "node:http";
import type { Logger, Timer } from "@lotty/domain";
import type { Caller, KeyRing, SessionService } from "@lotty/identity";
import type { SessionCookie } from "./session-cookie.ts";

/** Keys and sessions, and whether they go on. */
export interface LastingCredentials {
  readonly ring: Pick<KeyRing, "isLive">;
  readonly sessions: Pick<SessionService, "liveAmong">;
}

/** What watching callers needs. */
export interface StandingCallersOptions {
  /** @throws LottyError `not_ready` while there is nobody to ask; nobody is watched before that */
  readonly identity: () => LastingCredentials;
  readonly cookie: SessionCookie;
  readonly timer: Timer;
  readonly logger: Logger;
}

/** Somebody who was let in, and came with this request. */
export interface AdmittedCaller {
  readonly caller: Caller;
  readonly request: IncomingMessage;
}

/** Half of the second within which whoever is let out has to be gone. */
const LOOK_MILLIS = 500;

interface Watch {
  readonly end: () => void;
}

interface KeyWatch extends Watch {
  readonly keyId: string;
}

interface SessionWatch extends Watch {
  readonly token: string;
}

/**
 * Watches those whose requests last, such as streams: a key or session is checked when a request begins, and may be revoked,
 * expire or end long before the request does. Keys are looked up in memory; of sessions, one look-up in the database is for
 * all of them. While the database is away, sessions go on, as do keys.
 */
export class StandingCallers {
  readonly #options: StandingCallersOptions;
  readonly #keys = new Set<KeyWatch>();
  readonly #sessions = new Set<SessionWatch>();
  readonly #stop: () => unknown;
  #looking = false;

  constructor(options: StandingCallersOptions) {
    this.#options = options;
    this.#stop = options.timer.every(LOOK_MILLIS, () => void this.#look());
  }

  /**
   * Watches a caller until the function that is returned is called.
   *
   * @param end called once, when the key or session of the caller is not valid any more; never for somebody who has neither
   */
  watch({ caller, request }: AdmittedCaller, end: () => void): () => void {
    if (caller.kind === "key" && caller.id !== null) return added(this.#keys, { keyId: caller.id, end });
    const token = caller.kind === "user" ? this.#options.cookie.read(request.headers.cookie) : undefined;
    return token === undefined ? () => undefined : added(this.#sessions, { token, end });
  }

  /** Watches nobody any more. */
  stop(): void {
    this.#stop();
  }

  async #look(): Promise<void> {
    if (this.#keys.size > 0) this.#lookAtKeys();
    // A database that is slow must not be asked ever more.
    if (this.#sessions.size === 0 || this.#looking) return;
    this.#looking = true;
    try {
      await this.#lookAtSessions();
    } catch (error) {
      this.#options.logger.debug("sessions_not_checked", { error });
    } finally {
      this.#looking = false;
    }
  }

  #lookAtKeys(): void {
    const { ring } = this.#options.identity();
    for (const watch of this.#keys) if (!ring.isLive(watch.keyId)) finish(this.#keys, watch);
  }

  async #lookAtSessions(): Promise<void> {
    // Whoever comes while the database is asked is looked at the next time.
    const watches = [...this.#sessions];
    const live = await this.#options.identity().sessions.liveAmong(new Set(watches.map(({ token }) => token)));
    for (const watch of watches) if (!live.has(watch.token)) finish(this.#sessions, watch);
  }
}

function added<W extends Watch>(watches: Set<W>, watch: W): () => void {
  watches.add(watch);
  return () => watches.delete(watch);
}

function finish<W extends Watch>(watches: Set<W>, watch: W): void {
  // Who has gone by himself in the meantime is not told any more.
  if (watches.delete(watch)) watch.end();
}
