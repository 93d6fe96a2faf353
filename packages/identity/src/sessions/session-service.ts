import { type Clock, type Logger, MICROS_PER_MILLI } from "@lotty/domain";
import { type Caller, personCaller } from "../access/caller.ts";
import type { PasswordHasher } from "../passwords/password-hasher.ts";
import { foldUserName, type User, type UserWithPassword } from "../people/user.ts";
import type { AttemptLimit } from "../ports/attempt-limit.ts";
import type { SessionStore } from "../ports/session-store.ts";
import type { UserStore } from "../ports/user-store.ts";
import { endedBefore, hasEnded, type SessionTimes } from "./session-times.ts";
import { isSessionToken, makeSessionToken, sessionDigest } from "./session-token.ts";

/** What sessions work with. */
export interface SessionServiceOptions {
  readonly store: SessionStore & Pick<UserStore, "findUserByName" | "strengthenHash">;
  readonly hasher: PasswordHasher;
  readonly limit: AttemptLimit;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly times: SessionTimes;
}

/** What somebody shows to log in. */
export interface LogIn {
  readonly name: string;
  readonly password: string;
  /** Where the request comes from. */
  readonly address: string;
  /** Token that the caller has already; its session ends. */
  readonly previous: string | undefined;
}

/** How logging in ended. */
export type LogInOutcome =
  | { readonly status: "done"; readonly token: string; readonly user: User }
  /** There is no such person, the person is disabled, or it is another password: which one is nobody's business. */
  | { readonly status: "refused" }
  | { readonly status: "throttled"; readonly retryMillis: number };

/** How exactly it is kept when a session was last seen: a request a minute writes, the others only read. */
const SEEN_STEP_MICROS = 60_000 * MICROS_PER_MILLI;

/** Logs people in and out. */
export class SessionService {
  readonly #options: SessionServiceOptions;

  constructor(options: SessionServiceOptions) {
    this.#options = options;
  }

  /**
   * Begins a session with a token that nobody has known before.
   *
   * @throws LottyError `overloaded`, `database_unavailable`
   */
  async logIn({ address, name, password, previous }: LogIn): Promise<LogInOutcome> {
    const { hasher, limit, logger, store } = this.#options;
    const account = foldUserName(name);
    const source = { account, address };
    const retryMillis = await limit.begin(source);
    if (retryMillis > 0) return { status: "throttled", retryMillis };

    const user = await store.findUserByName(account);
    const fits = await hasher.verify(password, user?.passwordHash);
    if (user === undefined || !fits || user.disabled) {
      logger.info("log_in_refused", { user_id: user?.id ?? null });
      return { status: "refused" };
    }
    await limit.succeeded(source);
    await this.#strengthen(user, password);
    if (previous !== undefined) await this.logOut(previous);
    const token = await this.#begin(user);
    logger.info("log_in", { user_id: user.id });
    return { status: "done", token, user };
  }

  /**
   * Whose session a token is; `undefined` when there is none, or it has ended.
   *
   * @throws LottyError `database_unavailable`
   */
  async callerOf(token: string): Promise<Caller | undefined> {
    if (!isSessionToken(token)) return undefined;
    const { clock, store, times } = this.#options;
    const digest = sessionDigest(token);
    const found = await store.findSession(digest);
    if (found === undefined || found.user.disabled) return undefined;
    const now = clock.now();
    if (hasEnded(found.session, times, now)) {
      await store.removeSession(digest);
      return undefined;
    }
    if (now - found.session.lastSeenAt >= SEEN_STEP_MICROS) await store.touchSession(digest, now);
    return personCaller(found.user);
  }

  /**
   * Which of some tokens are those of sessions that go on: one look-up for all of them. Does not count as a request: a session
   * that is only looked at ends in its time.
   *
   * @throws LottyError `database_unavailable`
   */
  async liveAmong(tokens: Iterable<string>): Promise<ReadonlySet<string>> {
    const { clock, store, times } = this.#options;
    const byDigest = new Map(
      [...tokens].filter(isSessionToken).map((token) => [digestText(sessionDigest(token)), token]),
    );
    const digests = [...byDigest.keys()].map((text) => Buffer.from(text, "base64"));
    const now = clock.now();
    const live = new Set<string>();
    for (const { session, user } of await store.findSessions(digests)) {
      const token = byDigest.get(digestText(session.digest));
      if (token !== undefined && !user.disabled && !hasEnded(session, times, now)) live.add(token);
    }
    return live;
  }

  /** Ends a session, if it is one. */
  async logOut(token: string): Promise<void> {
    if (isSessionToken(token)) await this.#options.store.removeSession(sessionDigest(token));
  }

  /**
   * Ends all sessions of a person, in every process at once.
   *
   * @returns how many there were
   */
  logOutEverywhere(userId: string): Promise<number> {
    return this.#options.store.removeSessionsOf(userId);
  }

  async #begin({ id: userId }: User): Promise<string> {
    const { clock, store, times } = this.#options;
    const now = clock.now();
    await store.removeEndedSessions(endedBefore(times, now));
    const token = makeSessionToken();
    await store.addSession({ digest: sessionDigest(token), userId, createdAt: now, lastSeenAt: now });
    return token;
  }

  async #strengthen({ id, passwordHash }: UserWithPassword, password: string): Promise<void> {
    const { hasher, store } = this.#options;
    if (hasher.isOutdated(passwordHash)) await store.strengthenHash(id, passwordHash, await hasher.hash(password));
  }
}

function digestText(digest: Buffer): string {
  return digest.toString("base64");
}
