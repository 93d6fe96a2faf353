import type { Instant } from "@lotty/domain";
import type { User } from "../people/user.ts";

/** One log-in of a person. */
export interface Session {
  /** SHA-256 of the token; the token itself is nowhere. */
  readonly digest: Buffer;
  readonly userId: string;
  readonly createdAt: Instant;
  /** To the minute. */
  readonly lastSeenAt: Instant;
}

/** A session with the person as of now. */
export interface SessionWithUser {
  readonly session: Session;
  readonly user: User;
}

/** Keeps sessions. All methods throw LottyError `database_unavailable` while the database is away. */
export interface SessionStore {
  addSession(session: Session): Promise<void>;
  findSession(digest: Buffer): Promise<SessionWithUser | undefined>;
  /** Those of some sessions that there are, in any order. */
  findSessions(digests: readonly Buffer[]): Promise<readonly SessionWithUser[]>;
  touchSession(digest: Buffer, seenAt: Instant): Promise<void>;
  removeSession(digest: Buffer): Promise<void>;
  /** @returns how many there were */
  removeSessionsOf(userId: string): Promise<number>;
  /** Removes what has ended: begun or last seen before these moments. */
  removeEndedSessions(before: { readonly createdAt: Instant; readonly lastSeenAt: Instant }): Promise<void>;
}
