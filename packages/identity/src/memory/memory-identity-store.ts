import {
  type AuditEntry,
  type AuditOf,
  type ChangeNotices,
  DEFAULT_ENVIRONMENT_ID,
  DEFAULT_ENVIRONMENT_KEY,
  type Instant,
} from "@lotty/domain";
import type { ApiKey } from "../keys/api-key.ts";
import type { User, UserWithPassword } from "../people/user.ts";
import type { IdentityStore } from "../ports/identity-store.ts";
import { KEY_NOTICE_ID, type LiveKeys } from "../ports/key-store.ts";
import type { Session, SessionWithUser } from "../ports/session-store.ts";
import type { UserChange, UserChangeOutcome } from "../ports/user-store.ts";
import { MemoryAuditChain } from "./memory-audit-chain.ts";

/** Keeps people, sessions and keys in memory, and passes the suite that the databases pass. */
export class MemoryIdentityStore implements IdentityStore {
  /** Ids of the environments that there are, by their keys. */
  readonly environments: Map<string, string> = new Map([[DEFAULT_ENVIRONMENT_KEY, DEFAULT_ENVIRONMENT_ID]]);
  readonly #notices: Pick<ChangeNotices, "publish"> | undefined;
  readonly #users = new Map<string, UserWithPassword>();
  readonly #sessions = new Map<string, Session>();
  readonly #keys = new Map<string, ApiKey>();
  readonly #chain = new MemoryAuditChain();
  #generation = 0;

  constructor(notices?: Pick<ChangeNotices, "publish">) {
    this.#notices = notices;
  }

  /** Everything that is on record. */
  get entries(): readonly AuditEntry[] {
    return this.#chain.entries;
  }

  listUsers(): Promise<readonly User[]> {
    const users = [...this.#users.values()].map(withoutPassword);
    return Promise.resolve(users.toSorted((one, other) => (one.name < other.name ? -1 : 1)));
  }

  findUser(id: string): Promise<UserWithPassword | undefined> {
    return Promise.resolve(this.#users.get(id));
  }

  findUserByName(name: string): Promise<UserWithPassword | undefined> {
    return Promise.resolve([...this.#users.values()].find((user) => user.name === name));
  }

  async addUser(user: UserWithPassword, audit: AuditOf<User>): Promise<boolean> {
    if ([...this.#users.values()].some(({ name }) => name === user.name)) return false;
    this.#chain.append(audit(null, withoutPassword(user)));
    this.#users.set(user.id, user);
    return true;
  }

  async addFirstUser(user: UserWithPassword, audit: AuditOf<User>): Promise<boolean> {
    return this.#users.size === 0 && this.addUser(user, audit);
  }

  async changeUser(
    id: string,
    { keepSession, ...change }: UserChange,
    audit: AuditOf<User>,
  ): Promise<UserChangeOutcome> {
    const user = this.#users.get(id);
    if (user === undefined) return "not_found";
    const changed = { ...user, ...change };
    if (!this.#hasAdminWith(id, changed)) return "last_admin";
    this.#chain.append(audit(withoutPassword(user), withoutPassword(changed)));
    this.#users.set(id, changed);
    if (change.passwordHash !== undefined || change.disabled === true) this.#endSessions(id, keepSession);
    return "done";
  }

  strengthenHash(id: string, from: string, to: string): Promise<void> {
    const user = this.#users.get(id);
    if (user?.passwordHash === from) this.#users.set(id, { ...user, passwordHash: to });
    return Promise.resolve();
  }

  async removeUser(id: string, audit: AuditOf<User>): Promise<UserChangeOutcome> {
    const user = this.#users.get(id);
    if (user === undefined) return "not_found";
    if (!this.#hasAdminWith(id, undefined)) return "last_admin";
    this.#chain.append(audit(withoutPassword(user), null));
    this.#users.delete(id);
    this.#endSessions(id);
    return "done";
  }

  addSession(session: Session): Promise<void> {
    this.#sessions.set(textOf(session.digest), session);
    return Promise.resolve();
  }

  async findSessions(digests: readonly Buffer[]): Promise<readonly SessionWithUser[]> {
    const found = await Promise.all(digests.map((digest) => this.findSession(digest)));
    return found.filter((each) => each !== undefined);
  }

  findSession(digest: Buffer): Promise<SessionWithUser | undefined> {
    const session = this.#sessions.get(textOf(digest));
    const user = session && this.#users.get(session.userId);
    return Promise.resolve(session && user && { session, user: withoutPassword(user) });
  }

  touchSession(digest: Buffer, lastSeenAt: Instant): Promise<void> {
    const session = this.#sessions.get(textOf(digest));
    if (session !== undefined) this.#sessions.set(textOf(digest), { ...session, lastSeenAt });
    return Promise.resolve();
  }

  removeSession(digest: Buffer): Promise<void> {
    this.#sessions.delete(textOf(digest));
    return Promise.resolve();
  }

  removeSessionsOf(userId: string): Promise<number> {
    return Promise.resolve(this.#endSessions(userId));
  }

  removeEndedSessions(before: { readonly createdAt: Instant; readonly lastSeenAt: Instant }): Promise<void> {
    for (const [digest, { createdAt, lastSeenAt }] of this.#sessions) {
      if (createdAt <= before.createdAt || lastSeenAt <= before.lastSeenAt) this.#sessions.delete(digest);
    }
    return Promise.resolve();
  }

  listKeys(): Promise<readonly ApiKey[]> {
    return Promise.resolve([...this.#keys.values()].toSorted((one, other) => (one.id < other.id ? 1 : -1)));
  }

  findKey(id: string): Promise<ApiKey | undefined> {
    return Promise.resolve(this.#keys.get(id));
  }

  async addKey(key: ApiKey, audit: AuditOf<ApiKey>): Promise<boolean> {
    if ([...this.#keys.values()].some(({ prefix }) => prefix === key.prefix)) return false;
    this.#chain.append(audit(null, key));
    this.#keys.set(key.id, key);
    await this.#tell();
    return true;
  }

  async revokeKey(id: string, revokedAt: Instant, audit: AuditOf<ApiKey>): Promise<boolean> {
    const key = this.#keys.get(id);
    if (key === undefined) return false;
    if (key.revokedAt === null) {
      const revoked = { ...key, revokedAt };
      this.#chain.append(audit(key, revoked));
      this.#keys.set(id, revoked);
      await this.#tell();
    }
    return true;
  }

  loadLiveKeys(): Promise<LiveKeys> {
    const keys = [...this.#keys.values()].filter(({ revokedAt }) => revokedAt === null);
    return Promise.resolve({ generation: this.#generation, keys });
  }

  keyGeneration(): Promise<number> {
    return Promise.resolve(this.#generation);
  }

  noteUse(uses: ReadonlyMap<string, Instant>): Promise<void> {
    for (const [id, usedAt] of uses) {
      const key = this.#keys.get(id);
      if (key !== undefined) this.#keys.set(id, { ...key, lastUsedAt: Math.max(usedAt, key.lastUsedAt ?? 0) });
    }
    return Promise.resolve();
  }

  findEnvironment(key: string): Promise<string | undefined> {
    return Promise.resolve(this.environments.get(key));
  }

  async #tell(): Promise<void> {
    this.#generation += 1;
    await this.#notices?.publish({ environmentId: KEY_NOTICE_ID, revision: this.#generation });
  }

  #hasAdminWith(id: string, changed: UserWithPassword | undefined): boolean {
    const others = [...this.#users.values()].filter((user) => user.id !== id);
    return [...others, ...(changed === undefined ? [] : [changed])].some(
      ({ disabled, roles }) => !disabled && roles.includes("admin"),
    );
  }

  #endSessions(userId: string, keep?: Buffer): number {
    const kept = keep && textOf(keep);
    const ended = [...this.#sessions].filter(([digest, session]) => session.userId === userId && digest !== kept);
    for (const [digest] of ended) this.#sessions.delete(digest);
    return ended.length;
  }
}

function withoutPassword(user: UserWithPassword): User {
  const { passwordHash: _, ...rest } = user;
  return rest;
}

function textOf(digest: Buffer): string {
  return digest.toString("hex");
}
