import type { IdentityStore } from "@lotty/identity";
import type { SqlPool } from "../sql/sql-pool.ts";
import { PgKeyStore } from "./pg-key-store.ts";
import { PgSessionStore } from "./pg-session-store.ts";
import { PgUserStore } from "./pg-user-store.ts";

/** Keeps people, their sessions and API keys in one database. */
export function pgIdentityStore(pool: SqlPool): IdentityStore {
  const users = new PgUserStore(pool);
  const sessions = new PgSessionStore(pool);
  const keys = new PgKeyStore(pool);
  return {
    listUsers: () => users.listUsers(),
    findUser: (id) => users.findUser(id),
    findUserByName: (name) => users.findUserByName(name),
    addUser: (user) => users.addUser(user),
    addFirstUser: (user) => users.addFirstUser(user),
    changeUser: (id, change) => users.changeUser(id, change),
    strengthenHash: (id, from, to) => users.strengthenHash(id, from, to),
    removeUser: (id) => users.removeUser(id),
    addSession: (session) => sessions.addSession(session),
    findSession: (digest) => sessions.findSession(digest),
    findSessions: (digests) => sessions.findSessions(digests),
    touchSession: (digest, seenAt) => sessions.touchSession(digest, seenAt),
    removeSession: (digest) => sessions.removeSession(digest),
    removeSessionsOf: (userId) => sessions.removeSessionsOf(userId),
    removeEndedSessions: (before) => sessions.removeEndedSessions(before),
    listKeys: () => keys.listKeys(),
    findKey: (id) => keys.findKey(id),
    addKey: (key) => keys.addKey(key),
    revokeKey: (id, at) => keys.revokeKey(id, at),
    loadLiveKeys: () => keys.loadLiveKeys(),
    keyGeneration: () => keys.keyGeneration(),
    noteUse: (uses) => keys.noteUse(uses),
    findEnvironment: (key) => keys.findEnvironment(key),
  };
}
