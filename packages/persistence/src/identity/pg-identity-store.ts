import type { IdentityStore } from "@lotty/identity";
import type { ChainAppender } from "../control/audit-chain.ts";
import type { SqlPool } from "../sql/sql-pool.ts";
import { PgKeyStore } from "./pg-key-store.ts";
import { PgSessionStore } from "./pg-session-store.ts";
import { PgUserStore } from "./pg-user-store.ts";

/** Keeps people, their sessions and API keys in one database, and puts changes on record in its chain. */
export function pgIdentityStore(pool: SqlPool, append: ChainAppender): IdentityStore {
  const users = new PgUserStore(pool, append);
  const sessions = new PgSessionStore(pool);
  const keys = new PgKeyStore(pool, append);
  return {
    listUsers: () => users.listUsers(),
    findUser: (id) => users.findUser(id),
    findUserByName: (name) => users.findUserByName(name),
    addUser: (user, audit) => users.addUser(user, audit),
    addFirstUser: (user, audit) => users.addFirstUser(user, audit),
    changeUser: (id, change, audit) => users.changeUser(id, change, audit),
    strengthenHash: (id, from, to) => users.strengthenHash(id, from, to),
    removeUser: (id, audit) => users.removeUser(id, audit),
    addSession: (session) => sessions.addSession(session),
    findSession: (digest) => sessions.findSession(digest),
    findSessions: (digests) => sessions.findSessions(digests),
    touchSession: (digest, seenAt) => sessions.touchSession(digest, seenAt),
    removeSession: (digest) => sessions.removeSession(digest),
    removeSessionsOf: (userId) => sessions.removeSessionsOf(userId),
    removeEndedSessions: (before) => sessions.removeEndedSessions(before),
    listKeys: () => keys.listKeys(),
    findKey: (id) => keys.findKey(id),
    addKey: (key, audit) => keys.addKey(key, audit),
    revokeKey: (id, at, audit) => keys.revokeKey(id, at, audit),
    loadLiveKeys: () => keys.loadLiveKeys(),
    keyGeneration: () => keys.keyGeneration(),
    noteUse: (uses) => keys.noteUse(uses),
    findEnvironment: (key) => keys.findEnvironment(key),
  };
}
