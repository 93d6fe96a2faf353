import type { AuditOf, Instant, Role } from "@lotty/domain";
import type { User, UserWithPassword } from "../people/user.ts";

/** What changes of a person; what is absent stays. */
export interface UserChange {
  readonly roles?: readonly Role[];
  readonly disabled?: boolean;
  readonly passwordHash?: string;
  readonly updatedAt: Instant;
  /** Digest of the one session that outlives a change after which all others end. */
  readonly keepSession?: Buffer;
}

/** How a change of a person ended. */
export type UserChangeOutcome =
  | "done"
  | "not_found"
  /** Nobody would be left who is an admin and not disabled. Nothing was changed. */
  | "last_admin";

/**
 * Keeps people. All methods throw LottyError `database_unavailable` while the database is away. What changes somebody is put on
 * record in the same step: both happen, or neither.
 */
export interface UserStore {
  /** Everyone, by name. */
  listUsers(): Promise<readonly User[]>;
  findUser(id: string): Promise<UserWithPassword | undefined>;
  findUserByName(name: string): Promise<UserWithPassword | undefined>;
  /** @returns `false` when somebody has the name */
  addUser(user: UserWithPassword, audit: AuditOf<User>): Promise<boolean>;
  /** @returns `false` when there is anybody; of several processes that try at once, one succeeds */
  addFirstUser(user: UserWithPassword, audit: AuditOf<User>): Promise<boolean>;
  /**
   * Changes a person. A changed password and being disabled end the person's sessions in the same step.
   */
  changeUser(id: string, change: UserChange, audit: AuditOf<User>): Promise<UserChangeOutcome>;
  /** Replaces the hash of the same password by a stronger one, which is no change to be put on record, unless the password has changed since `from` was read. */
  strengthenHash(id: string, from: string, to: string): Promise<void>;
  /** Removes a person with all sessions. Keys that the person has made stay. */
  removeUser(id: string, audit: AuditOf<User>): Promise<UserChangeOutcome>;
}
