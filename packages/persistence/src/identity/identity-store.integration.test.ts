import { PGlite } from "@electric-sql/pglite";
import {
  type AuditEntry,
  type AuditLink,
  DEFAULT_ENVIRONMENT_ID,
  MICROS_PER_DAY,
  type Role,
  systemActor,
} from "@lotty/domain";
import type { ApiKey, IdentityStore, Session, User, UserWithPassword } from "@lotty/identity";
import { MemoryIdentityStore } from "@lotty/identity/testing";
import { plainAuditLinker } from "@lotty/testkit/fakes/plain-audit-linker";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { SequentialIds } from "@lotty/testkit/fakes/sequential-ids";
import { createTestDatabase } from "@lotty/testkit/servers/postgres";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { composeEmbedded } from "../compose-embedded.ts";
import { poolOf } from "../compose-storage.ts";
import { openPostgres } from "../open-postgres.ts";
import { runStatement } from "../sql/sql-pool.ts";
import { EMBEDDED_PARSERS } from "../sql/value-parsers.ts";
import type { Storage } from "../storage.ts";

const NOW = 1_790_000_000_000_123;

interface OpenedStore {
  readonly store: IdentityStore;
  /** What has been put on record since it was opened. */
  entries(): Promise<readonly AuditEntry[]>;
}

async function emptied(storage: Storage): Promise<IdentityStore> {
  await runStatement(poolOf(storage), { text: "TRUNCATE users, sessions, api_keys" });
  return storage.identity;
}

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let postgres: Storage;
let other: Storage;
let embedded: Storage;

beforeAll(async () => {
  const logger = new RecordingLogger();
  database = await createTestDatabase();
  postgres = await openPostgres({ url: database.url, logger });
  other = await openPostgres({ url: database.url, logger });
  await postgres.migrate();
  const pglite = await PGlite.create({ parsers: EMBEDDED_PARSERS });
  embedded = composeEmbedded(pglite, { location: "memory", logger, onClosed: () => Promise.resolve() });
  await embedded.migrate();
}, 120_000);

afterAll(async () => {
  await Promise.all([postgres.close(), other.close(), embedded.close()]);
  await database.drop();
});

function openInMemory(): Promise<OpenedStore> {
  const store = new MemoryIdentityStore();
  return Promise.resolve({ store, entries: () => Promise.resolve(store.entries) });
}

async function openEmptied(storage: Storage): Promise<OpenedStore> {
  const store = await emptied(storage);
  const { sequence } = await storage.control.store.auditHead();
  return { store, entries: () => storage.control.store.auditEntries(sequence, 1_000) };
}

const stores: readonly (readonly [string, () => Promise<OpenedStore>])[] = [
  ["in memory", openInMemory],
  ["on Postgres", () => openEmptied(postgres)],
  ["on PGlite", () => openEmptied(embedded)],
];

const ids = new SequentialIds();

/** Puts a change on record as the store tells it. */
function audit(before: User | ApiKey | null, after: User | ApiKey | null): AuditLink {
  const entity = { kind: "user", id: (after ?? before)?.id ?? "", key: (after ?? before)?.name ?? "" } as const;
  const context = { actor: systemActor("a test"), at: NOW, environmentId: null };
  return plainAuditLinker([{ action: "test", entity, before, after }], context);
}

function person(name: string, roles: readonly Role[] = ["viewer"]): UserWithPassword {
  const id = ids.next(NOW);
  return { id, name, roles, disabled: false, createdAt: NOW, updatedAt: NOW, passwordHash: `hash of ${name}` };
}

function sessionOf({ id: userId }: UserWithPassword, filling: number): Session {
  return { digest: Buffer.alloc(32, filling), userId, createdAt: NOW, lastSeenAt: NOW };
}

function key(prefix: string, given: Partial<ApiKey> = {}): ApiKey {
  return {
    id: ids.next(NOW),
    prefix,
    digest: Buffer.alloc(32, prefix),
    name: "Website, “production”",
    type: "server",
    scopes: ["decide", "read"],
    roles: ["viewer"],
    environmentId: DEFAULT_ENVIRONMENT_ID,
    environmentKey: "production",
    createdBy: "ada",
    createdAt: NOW,
    expiresAt: NOW + MICROS_PER_DAY,
    revokedAt: null,
    lastUsedAt: null,
    ...given,
  };
}

describe.each(stores)("an identity store %s", (_name, open) => {
  let store: IdentityStore;
  beforeEach(async () => {
    ({ store } = await open());
  });

  describe("of people", () => {
    it("gives back what it took, with and without the hash, by name", async () => {
      const [zoe, ada] = [person("zoe", ["approver", "experimenter"]), person("ada", ["admin"])];
      for (const each of [zoe, ada]) expect(await store.addUser(each, audit)).toBe(true);
      const { passwordHash: _, ...plain } = ada;
      const listed = await store.listUsers();
      expect(listed.map(({ name }) => name)).toEqual(["ada", "zoe"]);
      expect(listed[0]).toEqual(plain);
      expect(await store.findUser(ada.id)).toEqual(ada);
      const found = await store.findUserByName("zoe");
      expect({ ...found, roles: found?.roles.toSorted() }).toEqual(zoe);
      expect(await store.findUserByName("bob")).toBeUndefined();
      expect(await store.findUser(ids.next(NOW))).toBeUndefined();
    });

    it("has no name twice", async () => {
      expect(await store.addUser(person("ada"), audit)).toBe(true);
      expect(await store.addUser(person("ada", ["admin"]), audit)).toBe(false);
      expect(await store.listUsers()).toHaveLength(1);
    });

    it("takes a first person only where there is nobody, and one of many who try at once", async () => {
      const tries = await Promise.all(
        ["a", "b", "c", "d"].map((name) => store.addFirstUser(person(name, ["admin"]), audit)),
      );
      expect(tries.filter(Boolean)).toHaveLength(1);
      expect(await store.listUsers()).toHaveLength(1);
    });

    it("changes what is given and leaves the rest", async () => {
      const [ada, bob] = [person("ada", ["admin"]), person("bob")];
      for (const each of [ada, bob]) await store.addUser(each, audit);
      expect(await store.changeUser(bob.id, { roles: ["approver"], updatedAt: NOW + 1 }, audit)).toBe("done");
      expect(await store.findUser(bob.id)).toEqual({ ...bob, roles: ["approver"], updatedAt: NOW + 1 });
      expect(await store.changeUser(bob.id, { disabled: true, updatedAt: NOW + 2 }, audit)).toBe("done");
      expect(await store.findUser(bob.id)).toMatchObject({ roles: ["approver"], disabled: true });
      expect(await store.changeUser(ids.next(NOW), { roles: ["admin"], updatedAt: NOW }, audit)).toBe("not_found");
      expect(await store.removeUser(bob.id, audit)).toBe("done");
      expect(await store.removeUser(bob.id, audit)).toBe("not_found");
    });

    it("never loses its last admin, whichever way", async () => {
      const [ada, bob] = [person("ada", ["admin"]), person("bob", ["admin"])];
      for (const each of [ada, bob, person("carla")]) await store.addUser(each, audit);
      expect(await store.changeUser(bob.id, { disabled: true, updatedAt: NOW }, audit)).toBe("done");
      expect(await store.changeUser(ada.id, { roles: ["viewer"], updatedAt: NOW }, audit)).toBe("last_admin");
      expect(await store.changeUser(ada.id, { disabled: true, updatedAt: NOW }, audit)).toBe("last_admin");
      expect(await store.removeUser(ada.id, audit)).toBe("last_admin");
      expect(await store.findUser(ada.id)).toEqual(ada);
      expect(await store.changeUser(ada.id, { roles: ["admin", "viewer"], updatedAt: NOW }, audit)).toBe("done");
      expect(await store.removeUser(bob.id, audit)).toBe("done");
    });

    it("keeps one of two admins who remove each other at once", async () => {
      const [ada, bob] = [person("ada", ["admin"]), person("bob", ["admin"])];
      for (const each of [ada, bob]) await store.addUser(each, audit);
      const outcomes = await Promise.all([store.removeUser(ada.id, audit), store.removeUser(bob.id, audit)]);
      expect(outcomes.toSorted()).toEqual(["done", "last_admin"]);
    });

    it("strengthens a hash only while it is still the one that was read", async () => {
      const ada = person("ada");
      await store.addUser(ada, audit);
      await store.strengthenHash(ada.id, "another hash", "x");
      expect(await store.findUser(ada.id)).toEqual(ada);
      await store.strengthenHash(ada.id, ada.passwordHash, "stronger");
      expect(await store.findUser(ada.id)).toEqual({ ...ada, passwordHash: "stronger" });
    });
  });

  describe("of sessions", () => {
    let ada: UserWithPassword;
    let bob: UserWithPassword;
    beforeEach(async () => {
      [ada, bob] = [person("ada", ["admin"]), person("bob")];
      for (const each of [ada, bob]) await store.addUser(each, audit);
      for (const each of [sessionOf(ada, 1), sessionOf(ada, 2), sessionOf(bob, 3)]) await store.addSession(each);
    });

    async function left(): Promise<readonly number[]> {
      const found = await Promise.all([1, 2, 3].map((filling) => store.findSession(Buffer.alloc(32, filling))));
      return found.flatMap((each) => each?.session.digest[0] ?? []);
    }

    it("finds a session with the person as of now", async () => {
      await store.changeUser(bob.id, { roles: ["approver"], updatedAt: NOW + 5 }, audit);
      const found = await store.findSession(Buffer.alloc(32, 3));
      expect(found?.session).toEqual(sessionOf(bob, 3));
      expect(found?.user).toMatchObject({ name: "bob", roles: ["approver"] });
      expect(found?.user).not.toHaveProperty("passwordHash");
      expect(await store.findSession(Buffer.alloc(32, 9))).toBeUndefined();
    });

    it("finds those of some sessions that there are, each with its person", async () => {
      const asked = [3, 9, 1].map((filling) => Buffer.alloc(32, filling));
      const found = await store.findSessions(asked);
      const owners = found.map(({ session, user }) => `${session.digest[0]} ${user.name}`);
      expect(owners.toSorted()).toEqual(["1 ada", "3 bob"]);
      expect(found[0]?.user).not.toHaveProperty("passwordHash");
      expect(await store.findSessions([])).toEqual([]);
    });

    it("notes when it was last seen", async () => {
      await store.touchSession(Buffer.alloc(32, 1), NOW + 60_000_000);
      expect((await store.findSession(Buffer.alloc(32, 1)))?.session.lastSeenAt).toBe(NOW + 60_000_000);
    });

    it("ends one, all of a person, or those that are over", async () => {
      await store.removeSession(Buffer.alloc(32, 1));
      expect(await left()).toEqual([2, 3]);
      expect(await store.removeSessionsOf(bob.id)).toBe(1);
      expect(await left()).toEqual([2]);
      await store.removeEndedSessions({ createdAt: NOW - 1, lastSeenAt: NOW - 1 });
      expect(await left()).toEqual([2]);
      await store.removeEndedSessions({ createdAt: NOW - 1, lastSeenAt: NOW });
      expect(await left()).toEqual([]);
    });

    it("ends those of a person whose password changes, the one that is kept excepted", async () => {
      const keepSession = Buffer.alloc(32, 2);
      await store.changeUser(ada.id, { passwordHash: "new", updatedAt: NOW, keepSession }, audit);
      expect(await left()).toEqual([2, 3]);
      await store.changeUser(ada.id, { roles: ["admin", "viewer"], updatedAt: NOW }, audit);
      expect(await left()).toEqual([2, 3]);
    });

    it("ends those of a person who is disabled or removed", async () => {
      await store.changeUser(bob.id, { disabled: true, updatedAt: NOW }, audit);
      expect(await left()).toEqual([1, 2]);
      await store.addUser(person("zoe", ["admin"]), audit);
      await store.removeUser(ada.id, audit);
      expect(await left()).toEqual([]);
    });
  });

  describe("of keys", () => {
    it("gives back what it took, newest first, and has no prefix twice", async () => {
      const [one, two] = [key("aaaaaaaa"), key("bbbbbbbb", { expiresAt: null, type: "client", scopes: ["decide"] })];
      for (const each of [one, two]) expect(await store.addKey(each, audit)).toBe(true);
      expect(await store.addKey(key("aaaaaaaa"), audit)).toBe(false);
      expect(await store.listKeys()).toEqual([two, one]);
      expect(await store.findKey(one.id)).toEqual(one);
      expect(await store.findKey(ids.next(NOW))).toBeUndefined();
    });

    it("loads those that are not revoked, each change being a new generation", async () => {
      const before = await store.keyGeneration();
      const [one, two] = [key("aaaaaaaa"), key("bbbbbbbb")];
      await store.addKey(one, audit);
      await store.addKey(two, audit);
      expect(await store.revokeKey(one.id, NOW + 7, audit)).toBe(true);
      expect(await store.loadLiveKeys()).toEqual({ generation: before + 3, keys: [two] });
      expect(await store.keyGeneration()).toBe(before + 3);
      expect(await store.findKey(one.id)).toEqual({ ...one, revokedAt: NOW + 7 });
      await store.revokeKey(two.id, NOW + 8, audit);
      expect(await store.loadLiveKeys()).toEqual({ generation: before + 4, keys: [] });
    });

    it("revokes once: the first time counts, and a key that is not there cannot be revoked", async () => {
      const one = key("aaaaaaaa");
      await store.addKey(one, audit);
      await store.revokeKey(one.id, NOW + 7, audit);
      const generation = await store.keyGeneration();
      expect(await store.revokeKey(one.id, NOW + 9, audit)).toBe(true);
      expect((await store.findKey(one.id))?.revokedAt).toBe(NOW + 7);
      expect(await store.revokeKey(ids.next(NOW), NOW, audit)).toBe(false);
      expect(await store.keyGeneration()).toBe(generation);
    });

    it("notes the latest use of each, without a new generation", async () => {
      const [one, two] = [key("aaaaaaaa"), key("bbbbbbbb")];
      for (const each of [one, two]) await store.addKey(each, audit);
      const generation = await store.keyGeneration();
      await store.noteUse(
        new Map([
          [one.id, NOW + 5],
          [two.id, NOW + 6],
        ]),
      );
      await store.noteUse(
        new Map([
          [one.id, NOW + 1],
          [ids.next(NOW), NOW + 1],
        ]),
      );
      expect((await store.listKeys()).map(({ lastUsedAt }) => lastUsedAt)).toEqual([NOW + 6, NOW + 5]);
      expect(await store.keyGeneration()).toBe(generation);
    });

    it("knows the environments", async () => {
      expect(await store.findEnvironment("production")).toBe(DEFAULT_ENVIRONMENT_ID);
      expect(await store.findEnvironment("nowhere")).toBeUndefined();
    });
  });
});

describe.each(stores)("what changes people and keys %s", (_name, open) => {
  let opened: OpenedStore;
  let ada: UserWithPassword;
  let website: ApiKey;
  beforeEach(async () => {
    opened = await open();
    [ada, website] = [person("ada", ["admin"]), key("cccccccc")];
    await opened.store.addUser(ada, audit);
    await opened.store.addKey(website, audit);
  });

  it("is on record as it was and as it is, in one chain, and never with the hash of a password", async () => {
    const { entries, store } = opened;
    const zoe = person("zoe", ["admin"]);
    await store.addUser(zoe, audit);
    await store.changeUser(zoe.id, { passwordHash: "another secret hash", updatedAt: NOW + 1 }, audit);
    await store.changeUser(zoe.id, { roles: ["viewer"], disabled: true, updatedAt: NOW + 2 }, audit);
    await store.removeUser(zoe.id, audit);
    await store.revokeKey(website.id, NOW + 3, audit);
    const made = await entries();
    expect(made.map(({ before, entity, after }) => [entity.id, before === null, after === null])).toEqual([
      [ada.id, true, false],
      [website.id, true, false],
      [zoe.id, true, false],
      [zoe.id, false, false],
      [zoe.id, false, false],
      [zoe.id, false, true],
      [website.id, false, false],
    ]);
    expect(made[4]).toMatchObject({
      before: { roles: ["admin"], disabled: false, updatedAt: NOW + 1 },
      after: { roles: ["viewer"], disabled: true, updatedAt: NOW + 2 },
    });
    expect(made[6]).toMatchObject({ before: { revokedAt: null }, after: { revokedAt: NOW + 3 } });
    expect(JSON.stringify(made)).not.toContain("hash of zoe");
    expect(JSON.stringify(made)).not.toContain("another secret hash");
    for (const [index, entry] of made.slice(1).entries()) expect(entry.previousHash).toBe(made[index]?.hash);
  });

  it("leaves no entry when nothing changes", async () => {
    const { entries, store } = opened;
    await store.revokeKey(website.id, NOW + 3, audit);
    const before = await entries();
    await store.addUser(person("ada"), audit);
    await store.addFirstUser(person("first", ["admin"]), audit);
    await store.changeUser(ada.id, { disabled: true, updatedAt: NOW }, audit);
    await store.removeUser(ada.id, audit);
    await store.removeUser(ids.next(NOW), audit);
    await store.addKey(key("cccccccc"), audit);
    await store.revokeKey(website.id, NOW + 9, audit);
    await store.strengthenHash(ada.id, ada.passwordHash, "stronger");
    expect(await entries()).toEqual(before);
  });

  it("does not change anything when the entry cannot be made", async () => {
    const { entries, store } = opened;
    const bob = person("bob", ["admin"]);
    await store.addUser(bob, audit);
    const session = sessionOf(bob, 7);
    await store.addSession(session);
    const before = [await store.listUsers(), await store.listKeys(), await store.keyGeneration(), await entries()];
    const broken = (): AuditLink => () => {
      throw new RangeError("no entry");
    };
    const tries: readonly (() => Promise<unknown>)[] = [
      () => store.addUser(person("zoe"), broken),
      () => store.changeUser(bob.id, { passwordHash: "new", roles: ["viewer"], updatedAt: NOW + 1 }, broken),
      () => store.removeUser(bob.id, broken),
      () => store.addKey(key("dddddddd"), broken),
      () => store.revokeKey(website.id, NOW, broken),
      () => store.changeUser(bob.id, { disabled: true, updatedAt: NOW }, () => () => []),
    ];
    for (const attempt of tries) await expect(attempt()).rejects.toThrow(/no entry|without an entry/);
    expect([await store.listUsers(), await store.listKeys(), await store.keyGeneration(), await entries()]).toEqual(
      before,
    );
    expect(await store.findUser(bob.id)).toEqual(bob);
    expect(await store.findSession(session.digest)).toBeDefined();
  });
});

describe("two processes on one Postgres", () => {
  it("make one first admin, whichever is quicker", async () => {
    for (let round = 0; round < 10; round += 1) {
      await emptied(postgres);
      const tries = await Promise.all(
        [postgres, other].map(({ identity }, index) =>
          identity.addFirstUser(person(`admin${index}`, ["admin"]), audit),
        ),
      );
      expect(tries.filter(Boolean)).toHaveLength(1);
    }
  });

  it("keep an admin when each removes the other's", async () => {
    for (let round = 0; round < 10; round += 1) {
      await emptied(postgres);
      const [ada, bob] = [person("ada", ["admin"]), person("bob", ["admin"])];
      for (const each of [ada, bob]) await postgres.identity.addUser(each, audit);
      const outcomes = await Promise.all([
        postgres.identity.removeUser(ada.id, audit),
        other.identity.changeUser(bob.id, { disabled: true, updatedAt: NOW }, audit),
      ]);
      expect(outcomes.toSorted()).toEqual(["done", "last_admin"]);
    }
  });
});
